"""Plugins for `nbgrader export`: tables with a row for each student, lesson or check.

Numbers are written as people write them. Late penalties include marks that were given later.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin

from grader.classroom.cell_outputs import CHECKS
from grader.classroom.lateness import LatePenalties, LatePenalty
from grader.reports.csv import make_harmless
from grader.submissions.notebooks import read_cells

__all__ = ["CheckExport", "GradeExport", "LatePenalty", "LessonExport"]

_Row = dict[str, object]

_WHO: Final = ("assignment", "student_id", "last_name", "first_name", "email", "timestamp")
_DIGITS: Final = 6  # behind the point: sums of floating-point numbers may be off by less


class _Rows(ExportPlugin):
    """A table in RFC 4180, without cells that a spreadsheet would run as formulas."""

    filename = ""
    columns: tuple[str, ...] = ()
    #: Where another character separates cells, an unquoted name could become several.
    quoting: Literal[0, 1] = csv.QUOTE_ALL

    def export(self, gradebook: Gradebook) -> None:
        """Write the table to ``--to``, or to a file of the table's own name."""
        target = Path(self.to or self.filename)
        names = [str(assignment.name) for assignment in gradebook.assignments]
        chosen = [
            name for name in names if not self.assignment or name in map(str, self.assignment)
        ]
        LatePenalties(parent=self).assign_all(gradebook, chosen)
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, self.columns, quoting=self.quoting)
            writer.writeheader()
            for assignment in chosen:
                for row in self.rows_of(gradebook, assignment):
                    writer.writerow({key: written(value) for key, value in row.items()})
        self.log.info("Exported to %s", target)

    def rows_of(self, gradebook: Gradebook, assignment: str) -> Iterator[_Row]:
        """The rows of an assignment."""
        submissions = gradebook.assignment_submissions(assignment)
        for submission in sorted(submissions, key=lambda handed_in: str(handed_in.student_id)):
            if self.is_wanted(submission.student_id):
                student = submission.student
                who = {
                    "assignment": submission.assignment.name,
                    "student_id": student.id,
                    "last_name": student.last_name,
                    "first_name": student.first_name,
                    "email": student.email,
                    "timestamp": submission.timestamp,
                }
                for row in self.rows(submission):
                    yield {**who, **row}

    def rows(self, submission: Any) -> Iterator[_Row]:
        """The rows of one submission, without the columns that say who it is."""
        raise NotImplementedError

    def is_wanted(self, student: str) -> bool:
        """Whether a student belongs to the ones that the user has chosen."""
        return not self.student or student in map(str, self.student)


def written(value: object) -> object:
    """A cell's text: no formula, and numbers without rounding errors."""
    if isinstance(value, float):
        return round(value, _DIGITS)
    return make_harmless(value) if isinstance(value, str) else value


class GradeExport(_Rows):
    """A row for each student of each assignment: nbgrader's own table, with later marks."""

    filename = "grades.csv"
    columns = (
        "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
        "raw_score", "late_submission_penalty", "score", "max_score",
    )  # fmt: skip
    quoting = csv.QUOTE_MINIMAL

    def rows_of(self, gradebook: Gradebook, assignment: str) -> Iterator[_Row]:
        """A row for each student, also for those who handed in nothing."""
        entry = gradebook.find_assignment(assignment)
        for student in gradebook.students:
            if not self.is_wanted(student.id):
                continue
            try:
                submission = gradebook.find_submission(assignment, student.id)
                penalty = float(submission.late_submission_penalty)
                raw, when = float(submission.score), submission.timestamp
            except MissingEntry:
                penalty, raw, when = 0.0, 0.0, None
            yield {
                "assignment": entry.name,
                "duedate": entry.duedate,
                "timestamp": when,
                "student_id": student.id,
                "last_name": student.last_name,
                "first_name": student.first_name,
                "email": student.email,
                "raw_score": raw,
                "late_submission_penalty": penalty,
                "score": max(0.0, raw - penalty),
                "max_score": float(entry.max_score),
            }


class LessonExport(_Rows):
    """A row for each lesson of each student."""

    filename = "lessons.csv"
    columns = (
        *_WHO, "lesson", "raw_score", "late_penalty", "score", "max_score", "needs_manual_grade",
    )  # fmt: skip

    def rows(self, submission: Any) -> Iterator[_Row]:
        """A row for each notebook."""
        for notebook in sorted(submission.notebooks, key=lambda notebook: str(notebook.name)):
            penalty = notebook.late_submission_penalty or 0.0
            yield {
                "lesson": notebook.name,
                "raw_score": notebook.score,
                "late_penalty": penalty,
                "score": max(0.0, notebook.score - penalty),
                "max_score": notebook.max_score,
                "needs_manual_grade": notebook.needs_manual_grade,
            }


class CheckExport(_Rows):
    """A row for each check of each student, as it was graded last."""

    filename = "checks.csv"
    columns = (*_WHO, "lesson", "check", "status", "score", "max_score")

    def rows(self, submission: Any) -> Iterator[_Row]:
        """A row for each check in the autograded notebooks."""
        directory = CourseDirectory(parent=self)
        folder = directory.format_path(
            directory.autograded_directory, submission.student_id, submission.assignment.name
        )
        for path in sorted(Path(folder).glob("*.ipynb")):
            for cell in read_cells(path.read_bytes(), path.name):
                for output in cell.get("outputs", ()):
                    for check in output.get("metadata", {}).get(CHECKS, ()):
                        yield {"lesson": path.stem, **check}
