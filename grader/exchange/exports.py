"""Results in the formats of other systems: a text, a file for each student, a filled gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from grader.errors import GraderError
from grader.exchange.csv_files import read_sheet
from grader.exchange.gradebooks import Filled, fill_canvas, fill_moodle
from grader.exchange.roster import NOTHING_CHOSEN
from grader.reports import csv, gradescope_json, json, junit, markdown
from grader.reports.filenames import filenames
from grader.results import Report
from grader.results.feedback import Feedback, reduce_for_student
from grader.results.parts import Part, only_lessons, only_part
from grader.submissions.collected_file import Collected, load_collected


class Format(StrEnum):
    """A form in which results leave the grader."""

    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"


def with_one_lesson(report: Report, lesson: str) -> Report:
    """The report of a course with this lesson alone.

    Raises:
        GraderError: the results do not have it.
    """
    return _refuse_nothing(report, only_lessons(report, [lesson]), lesson)


def with_one_part(report: Report, part: Part) -> Report:
    """The report of a part alone; without the students who have not begun it.

    Raises:
        GraderError: the results do not have it.
    """
    return _refuse_nothing(report, only_part(report, part), f"the part `{part.id}`")


def _refuse_nothing(report: Report, chosen: Report, wanted: str) -> Report:
    if report.students and not chosen.students:
        raise GraderError(
            f"the results hold nothing of {wanted}; grade again, with the course as it is now"
        )
    return chosen


def render_report(
    report: Report, wanted: Format, lessons: tuple[str, ...], *, checks: bool = False
) -> str:
    """The report as one text.

    Args:
        report: the results.
        wanted: csv, json, markdown or junit.
        lessons: the ids of the lessons that it has, in order.
        checks: csv: a row for each check, not for each student.
    """
    if wanted is Format.CSV:
        return csv.render_checks(report) if checks else csv.render(report, lessons)
    if wanted is Format.JSON:
        return "".join(json.render(report))
    if wanted is Format.JUNIT:
        return junit.render(report)
    return markdown.render(report, lessons)


def render_for_gradescope(report: Report, feedback: Feedback) -> Mapping[str, str]:
    """Each student's file for Gradescope, by its name.

    Args:
        report: the results.
        feedback: how much of them students see.
    """
    note = f"Isolation of the program: {report.isolation}."
    names = filenames((student.student for student in report.students), ".json")
    return {
        names[student.student]: gradescope_json.render(
            reduce_for_student(student, feedback), gradescope_json.note_on(student, note)
        )
        for student in report.students
    }


def fill_gradebook(
    report: Report,
    wanted: Format,
    template: Path,
    *,
    assignment: str | None = None,
    submissions: Path | None = None,
    columns: Mapping[str, str] = NOTHING_CHOSEN,
) -> Filled:
    """Fill a gradebook that a platform exported.

    Args:
        report: the results.
        wanted: canvas or moodle.
        template: the exported file.
        assignment: Canvas: the column to fill.
        submissions: the folder of `grader collect`, which knows everyone's ids.
        columns: what a column holds → its heading, where that cannot be found out.

    Raises:
        GraderError: the template or ``collected.json`` cannot be read, or has no such column.
    """
    sheet = read_sheet(template)
    collected = load_collected(submissions) if submissions else Collected()
    if wanted is Format.MOODLE:
        return fill_moodle(sheet, report, collected, columns)
    return fill_canvas(sheet, report, assignment, collected, columns)
