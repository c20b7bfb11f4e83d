"""Grade hostile programs with layers of the sandbox switched off; print the outcomes as JSON.

The tests run it as a program of its own and never import it: it breaks the sandbox of its process.
It imports the grader once, and forks for each request, a line of JSON with: the seconds that the
fork may take; the scene's folder; the level; code for the trusted process; code for the process of
the student's code, which runs before that process confines itself; the students, by name, behind
whom an honest one comes last; and the file for the outcomes. It answers whether the fork ended in
time.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from select import select
from typing import Any

import numpy.testing  # noqa: F401  (the checks of the corpus import it; it runs a program)

from grader.course import Course
from grader.errors import GraderError
from grader.grading import grading_process
from grader.grading.current_check import OWN, CurrentCheck
from grader.grading.grading_process import grade_some, sandbox_for
from grader.reports.json import render
from grader.results import Report
from grader.sandbox import budget, client, forked, interpreter
from grader.sandbox.levels import Isolation
from grader.sandbox.session import Session
from grader.submissions.intake import take_in

printed: list[int] = []
charged: list[float] = []  # seconds
close = Session.close
charge = budget.Budget.charge


def main() -> None:
    for line in iter(sys.stdin.readline, ""):
        seconds, folder, level, outside, inside, students, outcomes = json.loads(line)
        fork = os.fork()
        if not fork:
            os.chdir(folder)
            switch_off(outside, inside)
            graded = grade(Path(folder), Isolation(level), {*students, "z-honest"})
            Path(outcomes).write_text(json.dumps(graded), "utf-8")
            return
        in_time, _, _ = select([os.pidfd_open(fork)], [], [], seconds)
        if not in_time:
            os.kill(fork, signal.SIGKILL)  # its sandbox ends with it
        os.waitpid(fork, 0)
        sys.stdout.write(json.dumps(bool(in_time)) + "\n")
        sys.stdout.flush()


def switch_off(outside: str, inside: str) -> None:
    """Run code in this process, and have code run beside student code."""
    clean_python = interpreter.clean_python

    def python_without_layers(*arguments: Any) -> dict[str, Any]:
        options = clean_python(*arguments)
        start = "main(sys.argv[1])"
        assert sum(start in word for word in options["args"]) == 1
        options["args"] = [
            word.replace(start, f"exec({inside!r}, {{}}); {start}") for word in options["args"]
        ]
        return options

    for module in (forked, interpreter):
        vars(module)["clean_python"] = python_without_layers
    setattr(Session, "close", close_and_measure)  # noqa: B010
    setattr(budget.Budget, "charge", charge_and_measure)  # noqa: B010
    OWN.set(CurrentCheck())  # this is a grading process, with its limits
    if "preflight" not in outside:
        setattr(client.Sandbox, "_preflight", lambda sandbox: None)  # noqa: B010
    exec(outside, {})


def close_and_measure(session: Session) -> None:
    close(session)
    printed.append(len(session.output))


def charge_and_measure(own: budget.Budget, seconds: float) -> None:
    charged.append(seconds)
    charge(own, seconds)


def grade(folder: Path, level: Isolation, students: set[str]) -> dict[str, dict[str, Any]]:
    """The outcome of each student."""
    course = Course.load(folder / "course")
    cap = course.limits.file_kib * 1024
    outcomes: dict[str, dict[str, Any]] = {}
    for submission in take_in(folder / "submissions", course.lesson_ids, max_file_bytes=cap):
        if submission.student in students:
            printed[:] = [0]
            charged.clear()
            start = time.monotonic()
            try:
                results = grade_some(course, level, [submission])
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
    grading_process.close()
    if all("result" in outcome for outcome in outcomes.values()):
        sandbox_for(course, level).close()
    return outcomes


main()
