"""Grade hostile programs with layers of the sandbox switched off; print the outcomes as JSON.

The tests run it as a program of its own and never import it: it breaks the sandbox of its process.
Arguments: the scene's folder; the level; code for the trusted process; code for the process of the
student's code, which runs before that process confines itself; the students, by name. An honest
student comes last.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from grader.course import Course
from grader.errors import GraderError
from grader.grading.current_check import OWN, CurrentCheck
from grader.grading.grading_process import grade_batch, sandbox_for
from grader.reports.json import render
from grader.results import Report
from grader.sandbox import budget, client, forked, interpreter
from grader.sandbox.levels import Isolation
from grader.sandbox.session import Session
from grader.submissions.intake import take_in

folder, level, outside, inside, *students = sys.argv[1:]
clean_python = interpreter.clean_python
printed: list[int] = []
charged: list[float] = []  # seconds
close = Session.close
charge = budget.Budget.charge


def python_without_layers(*arguments: Any) -> dict[str, Any]:
    options = clean_python(*arguments)
    start = "main(sys.argv[1])"
    assert sum(start in word for word in options["args"]) == 1
    options["args"] = [
        word.replace(start, f"exec({inside!r}, {{}}); {start}") for word in options["args"]
    ]
    return options


def close_and_measure(session: Session) -> None:
    close(session)
    printed.append(len(session.output))


def charge_and_measure(own: budget.Budget, seconds: float) -> None:
    charged.append(seconds)
    charge(own, seconds)


for module in (forked, interpreter):
    vars(module)["clean_python"] = python_without_layers
setattr(Session, "close", close_and_measure)  # noqa: B010
setattr(budget.Budget, "charge", charge_and_measure)  # noqa: B010
OWN.set(CurrentCheck())  # this is a grading process, with its limits
if "preflight" not in outside:
    setattr(client.Sandbox, "_preflight", lambda sandbox: None)  # noqa: B010
exec(outside, {})

course = Course.load(Path(folder, "course"))
lessons = course.lesson_ids
cap = course.limits.file_kib * 1024
intake = take_in(Path(folder, "submissions"), lessons, max_file_bytes=cap)
outcomes: dict[str, dict[str, Any]] = {}
for submission in intake:
    if submission.student in {*students, "z-honest"}:
        printed[:] = [0]
        charged.clear()
        start = time.monotonic()
        try:
            results = grade_batch(course, Isolation(level), [submission])
        except GraderError as error:
            outcomes[submission.student] = {"error": f"{type(error).__name__}: {error}"}
            continue
        report = json.loads("".join(render(Report(course.id, "", level, tuple(results)))))
        outcomes[submission.student] = {
            "result": report["students"][0],
            "printed": max(printed),
            "charged": sum(charged),
            "seconds": time.monotonic() - start,
        }
if all("result" in outcome for outcome in outcomes.values()):
    sandbox_for(course, Isolation(level)).close()
json.dump(outcomes, sys.stdout)
