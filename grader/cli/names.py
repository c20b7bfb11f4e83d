"""Whom and what a name on the command line means."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from grader.errors import GraderError
from grader.results import Report, StudentResult
from grader.text import clean


def student_named(report: Report, name: str) -> StudentResult:
    """The results of the student of that name. Raises GraderError, with names much like it."""
    students = {result.student: result for result in report.students}
    if name not in students:
        raise GraderError(f"nobody called `{clean(name)}` was graded{did_you_mean(name, students)}")
    return students[name]


def did_you_mean(wanted: str, known: Iterable[str]) -> str:
    """The end of a sentence: names that are much like it, or nothing."""
    close = difflib.get_close_matches(wanted, dict.fromkeys(known), n=3)
    return f". Did you mean {' or '.join(f'`{clean(name)}`' for name in close)}?" if close else "."
