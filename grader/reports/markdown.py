"""The class as a Markdown table, for a wiki, an issue or a chat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Final

from grader.reports.statuses import LOOKS
from grader.results import LessonResult, LessonStatus, Report, Status
from grader.text import clean
from grader.text.wording import format_points

#: Characters that have a meaning in Markdown, beside those of HTML.
_ACTIVE: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:@=])")
_MORE: Final = "?"  # there may be more points to come
_WAITING: Final = frozenset({Status.PENDING, Status.UNDECIDED})


def render(report: Report, lessons: Sequence[str]) -> str:
    """The table, and below it the meaning of its signs.

    Args:
        report: the results.
        lessons: the ids of the course's lessons in order.
    """
    there = {lesson.lesson for student in report.students for lesson in student.lessons}
    lessons = [lesson for lesson in lessons if lesson in there or not there]
    head = ["student", *lessons, "total"]
    rows: list[list[str]] = []
    for student in report.students:
        cells = {result.lesson: _cell(result) for result in student.lessons}
        total = f"{format_points(student.score)} / {format_points(student.max_score)}"
        row = [
            escape_markdown(student.student),
            *(cells.get(lesson, "") for lesson in lessons),
            total,
        ]
        rows.append(row)
    lines = [f"# {escape_markdown(report.course)}", ""]
    lines.append("| " + " | ".join(escape_markdown(name) for name in head) + " |")
    lines.append("|---" + "|---:" * (len(head) - 1) + "|")
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    lines += [
        "",
        f"Graded {escape_markdown(report.graded_at)}, "
        f"isolation {escape_markdown(report.isolation)}. "
        f"“{LOOKS[LessonStatus.MISSING].short}”: nothing was handed in; "
        f"“{LOOKS[LessonStatus.UNREADABLE].short}”: it could not be taken in; "
        f"“{_MORE}”: an answer {LOOKS[Status.PENDING].words}, or a check "
        f"{LOOKS[Status.UNDECIDED].words}; "
        f"“{LOOKS[Status.GRADER_ERROR].sign}”: {LOOKS[Status.GRADER_ERROR].words}.",
    ]
    return "\n".join(lines) + "\n"


def escape_markdown(text: str) -> str:
    """Text on one line so that Markdown shows it as it is."""
    return _ACTIVE.sub(r"\\\1", escape(clean(text), quote=False))


def _cell(lesson: LessonResult) -> str:
    if lesson.status is not LessonStatus.GRADED:
        return LOOKS[lesson.status].short
    statuses = {check.status for check in lesson.checks}
    ours = LOOKS[Status.GRADER_ERROR].sign if Status.GRADER_ERROR in statuses else ""
    return format_points(lesson.score) + ours + (_MORE if _WAITING & statuses else "")
