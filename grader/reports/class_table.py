"""The class at a glance, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.reports.statuses import LOOKS
from grader.results import LessonResult, LessonStatus, Report, Status
from grader.results.parts import Part, only_part, parts_in
from grader.text import clean
from grader.text.wording import format_points

_MAX_NAME: Final = 32
_MAX_ROWS: Final = 200

#: The statuses that a lesson's cell names beside its points, the gravest first.
_GRAVE: Final = (
    Status.UNDECIDED, Status.GRADER_ERROR, Status.CRASHED, Status.OUT_OF_MEMORY, Status.TIMEOUT,
)  # fmt: skip


def render(report: Report, lessons: Sequence[str], parts: Sequence[Part] = ()) -> RenderableType:
    """A row for each student; for a class too large to read in a terminal, one for each lesson.

    Args:
        report: the results.
        lessons: the ids of the course's lessons in order.
        parts: of the course. If the results have several of them, each has a table.
    """
    there = parts_in(report, parts)
    if len(report.students) > _MAX_ROWS:
        return _by_lesson(report, lessons)
    if len(there) < 2:
        return _by_student(report, there[0].lessons if there else lessons)
    tables: list[RenderableType] = []
    for part in there:
        title = Text(part.title, style="bold")
        tables += [title, _by_student(only_part(report, part), part.lessons)]
    return Group(*tables)


def _by_student(report: Report, lessons: Sequence[str]) -> Table:
    table = _table("student")
    for lesson in lessons:
        table.add_column(lesson.replace("_", "\n"), justify="right", vertical="bottom")
    table.add_column("total", justify="right", style="bold", no_wrap=True)
    for student in report.students:
        cells = [_cell(lesson) for lesson in student.lessons]
        total = f" {format_points(student.score)} / {format_points(student.max_score)}"
        table.add_row(Text(clean(student.student, limit=_MAX_NAME)), *cells, total)
    return table


def _by_lesson(report: Report, lessons: Sequence[str]) -> Table:
    """A row for each lesson: the mean, and how many have all points, none, or no grade."""
    table = _table("lesson")
    for column in ("mean", "full marks", "no point", "missing", "unreadable"):
        table.add_column(column, justify="right")
    for lesson in lessons:
        results = [
            result
            for student in report.students
            for result in student.lessons
            if result.lesson == lesson
        ]
        if not results:
            continue
        statuses = Counter(result.status for result in results)
        mean = sum(result.score for result in results) / len(results)
        table.add_row(
            lesson,
            f"{mean:.1f} / {format_points(results[0].max_score)}",
            str(sum(result.score == result.max_score for result in results)),
            str(sum(result.score == 0 for result in results)),
            str(statuses[LessonStatus.MISSING]),
            str(statuses[LessonStatus.UNREADABLE]),
        )
    return table


def _table(first: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=0)
    table.add_column(first, no_wrap=True, max_width=_MAX_NAME)
    return table


def _cell(lesson: LessonResult) -> Text:
    if lesson.status is not LessonStatus.GRADED:
        return Text(LOOKS[lesson.status].short, style="red" if lesson.message else "dim")
    statuses = Counter(check.status for check in lesson.checks)
    if statuses[Status.NOT_ATTEMPTED] == len(lesson.checks):
        look = LOOKS[Status.NOT_ATTEMPTED]
        return Text(look.short, style=look.colour)
    points = format_points(lesson.score)
    for status in _GRAVE:
        if statuses[status]:
            return Text(f"{LOOKS[status].short} {points}", style="red")
    if statuses[Status.PENDING]:
        waiting = sum(check.max_score for check in lesson.checks if check.status is Status.PENDING)
        more = f"{format_points(waiting)}?"  # what a person may add
        return Text(f"{points} + {more}", style="yellow")
    style = "green" if lesson.score == lesson.max_score else "yellow"
    return Text(points, style=style if lesson.score else "red")
