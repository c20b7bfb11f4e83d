"""``grades.csv``: one row a student, for spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

from grader.results import Report
from grader.text.wording import format_points

#: Spreadsheets run a cell that starts with one of these as a formula (OWASP, CSV injection).
_FORMULA_STARTS: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)  # fmt: skip  (full-width ones)

#: Characters that act on a terminal which shows the file: escapes, changes of writing direction.
_ACTIVE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_OTHER_SEPARATORS: Final = frozenset(";\t|")


def render(report: Report, lessons: Sequence[str]) -> str:
    """The grades as RFC 4180 text.

    A lesson that nobody's results have is no column. A cell is empty if this student's results do
    not have the lesson.

    Args:
        report: the results.
        lessons: the ids of the course's lessons in order: the columns, if the class is empty.
    """
    there = {lesson.lesson for student in report.students for lesson in student.lessons}
    lessons = [lesson for lesson in lessons if lesson in there or not there]
    out = io.StringIO(newline="")
    plain = csv.writer(out)  # the default dialect quotes and ends lines as RFC 4180 says
    # A program that takes another character for the separator could cut an unquoted name in two.
    quoting = csv.writer(out, quoting=csv.QUOTE_ALL)
    plain.writerow(["student", *lessons, "total", "max_total"])
    for student in report.students:
        points = {lesson.lesson: format_points(lesson.score) for lesson in student.lessons}
        scores = [points.get(lesson, "") for lesson in lessons]
        total = [format_points(student.score), format_points(student.max_score)]
        writer = quoting if _OTHER_SEPARATORS & set(student.student) else plain
        writer.writerow([make_harmless(student.student), *scores, *total])
    return out.getvalue()


def make_harmless(cell: str) -> str:
    """Change a cell so that no spreadsheet runs it and it does nothing to a terminal.

    A formula gets an apostrophe in front; a control character becomes an escape: ``\\x1b``.
    """
    cell = _ACTIVE.sub(lambda match: ascii(match[0])[1:-1], cell)
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def render_checks(report: Report) -> str:
    """A row for each check of each student, for spreadsheets that filter and count."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(
        ["student", "lesson", "check", "title", "status", "score", "max_score", "misconception"]
    )
    for student in report.students:
        for lesson in student.lessons:
            head = [make_harmless(student.student), make_harmless(lesson.lesson)]
            if not lesson.checks:
                points = [format_points(lesson.score), format_points(lesson.max_score)]
                writer.writerow([*head, "", "", lesson.status.value, *points, ""])
            for check in lesson.checks:
                texts = map(make_harmless, (check.check, check.title))
                points = [format_points(check.score), format_points(check.max_score)]
                named = make_harmless(check.misconception or "")
                writer.writerow([*head, *texts, check.status.value, *points, named])
    return out.getvalue()
