"""Grade one hostile program with layers of the sandbox switched off; say what came of it.

Run as a program of its own, never imported: it breaks the sandbox of its process. Arguments: the
scene's folder, the level, the student, and two programs: one for the trusted process, and one for
the process that student code is started in, before it confines itself.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from grader.course import Course
from grader.errors import GraderError
from grader.grading.process import grade_batch, sandbox_for
from grader.reports.json import render
from grader.results import Report
from grader.sandbox import client, forked, interpreter
from grader.sandbox.levels import Isolation
from grader.sandbox.session import Session
from grader.submissions.intake import take_in

folder, level, student, outside, inside = sys.argv[1:]
clean_python = interpreter.clean_python
printed: list[int] = [0]
close = Session.close


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


for module in (forked, interpreter):
    vars(module)["clean_python"] = python_without_layers
setattr(Session, "close", close_and_measure)  # noqa: B010
if "preflight" not in outside:
    setattr(client.Sandbox, "_preflight", lambda sandbox: None)  # noqa: B010
exec(outside, {})

course = Course.load(Path(folder, "course"))
lessons = course.lesson_ids
intake = take_in(Path(folder, "submissions"), lessons, max_file_bytes=2**20)
batch = [submission for submission in intake if submission.student in {student, "z-honest"}]
try:
    results = grade_batch(course, Isolation(level), batch)
    sandbox_for(course, Isolation(level)).close()
    report = Report(course.id, "", level, tuple(results))
    outcome = {"report": json.loads("".join(render(report))), "printed": max(printed)}
except GraderError as error:
    outcome = {"error": f"{type(error).__name__}: {error}"}
json.dump(outcome, sys.stdout)
