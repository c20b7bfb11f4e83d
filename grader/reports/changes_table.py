"""What changed between two reports, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from grader.reports.statuses import LOOKS
from grader.results import LessonStatus, Status
from grader.results.changes import Change, StudentChanges
from grader.text import clean
from grader.text.wording import format_points

_MAX_NAME: Final = 32
_MAX_TITLE: Final = 200


def render(changes: Sequence[StudentChanges]) -> Table:
    """For each student a row with the total, then a row for each check whose points changed."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("student", no_wrap=True, max_width=_MAX_NAME)
    table.add_column("lesson", no_wrap=True)
    table.add_column("check", ratio=1)
    for heading in ("was", "is", "change"):
        table.add_column(heading, justify="right", no_wrap=True)
    for student in changes:
        name = Text(clean(student.student, limit=_MAX_NAME), style="bold")
        total = "new" if student.before is None else "gone" if student.after is None else "total"
        table.add_row(name, total, "", *_points(student), style="bold")
        for change in student.changes:
            lesson = Text(clean(change.lesson, limit=_MAX_NAME))
            table.add_row("", lesson, Text(_describe(change)), *_points(change))
    return table


def summary(changes: Sequence[StudentChanges], students: int) -> str:
    """How many students' marks changed, in a sentence.

    Args:
        changes: see :func:`grader.results.changes.compare`.
        students: how many different students the two reports have.
    """
    if not changes:
        return f"Nobody's marks changed ({students} student{'s' * (students != 1)})."
    kinds = {
        "new": sum(change.before is None for change in changes),
        "gone": sum(change.after is None for change in changes),
    }
    both = [
        _rounded(change.by)
        for change in changes
        if change.before is not None and change.after is not None
    ]
    kinds["with more points"] = sum(by > 0 for by in both)
    kinds["with fewer"] = sum(by < 0 for by in both)
    kinds["with as many from other checks"] = sum(by == 0 for by in both)
    counts = ", ".join(f"{count} {kind}" for kind, count in kinds.items() if count)
    return f"{len(changes)} of {students} student{'s' * (students != 1)} changed: {counts}."


def in_words(student: StudentChanges) -> str:
    """A student, with the points in all: `ada 52 (+6)`."""
    name = clean(student.student, limit=_MAX_NAME)
    if student.after is None:
        return f"{name} gone"
    change = "new" if student.before is None else f"{_rounded(student.by):+g}"
    return f"{name} {format_points(student.after)} ({change})"


def _describe(change: Change) -> str:
    title = clean(change.title, limit=_MAX_TITLE) if change.title else "the whole lesson"
    was, now = map(_status, (change.was, change.now))
    return f"{title}  {was} → {now}" if was != now else title


def _status(status: Status | LessonStatus | None) -> str:
    return LOOKS[status].short if status else "not there"


def _points(change: Change | StudentChanges) -> tuple[str, str, Text]:
    by = _rounded(change.by)
    style = "green" if by > 0 else "red" if by < 0 else ""
    sign = "+" if by > 0 else ""
    return (
        "-" if change.before is None else format_points(change.before),
        "-" if change.after is None else format_points(change.after),
        Text(f"{sign}{format_points(by)}" if by else "0", style=style),
    )


def _rounded(points: float) -> float:
    return round(points, 6)
