"""nbgrader's plugins: late penalties as course.yaml has them, and exports a row for each thing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from nbgrader.plugins.base import BasePlugin
from traitlets import Unicode

from grader.classroom.cell_outputs import CHECKS
from grader.course import Course
from grader.reports.csv import make_harmless
from grader.submissions.notebooks import read_cells

_Row = dict[str, object]

_WHO: Final = ("assignment", "student_id", "last_name", "first_name", "email", "timestamp")


class LatePenalty(BasePlugin):
    """Takes the points that ``late:`` in course.yaml says, by the due dates of nbgrader."""

    course = Unicode(help="The folder of the course.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points to take from a notebook; None if the course has no such policy."""
        late = Course.load(Path(self.course)).late
        return None if late is None else score * late.share(student_id, total_seconds_late)


class _Rows(ExportPlugin):
    """A table as RFC 4180 has it, in which no cell is run as a formula."""

    filename = ""
    columns: tuple[str, ...] = ()

    def export(self, gradebook: Gradebook) -> None:
        """Write the table to ``--to``, or to a file of the table's own name."""
        target = Path(self.to or self.filename)
        with target.open("w", encoding="utf-8", newline="") as file:
            # Where another character separates cells, an unquoted name could become several.
            writer = csv.DictWriter(file, [*_WHO, *self.columns], quoting=csv.QUOTE_ALL)
            writer.writeheader()
            for submission in self._submissions(gradebook):
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
                    cells = {**who, **row}
                    writer.writerow(
                        {
                            key: make_harmless(it) if isinstance(it, str) else it
                            for key, it in cells.items()
                        }
                    )
        self.log.info("Exported to %s", target)

    def rows(self, submission: Any) -> Iterator[_Row]:
        """The rows of one submission."""
        raise NotImplementedError

    def _submissions(self, gradebook: Gradebook) -> Iterator[Any]:
        for assignment in gradebook.assignments:
            if not self.assignment or assignment.name in map(str, self.assignment):
                found = gradebook.assignment_submissions(assignment.name)
                for submission in sorted(found, key=lambda it: str(it.student_id)):
                    if not self.student or submission.student_id in map(str, self.student):
                        yield submission


class LessonExport(_Rows):
    """A row for each lesson of each student."""

    filename = "lessons.csv"
    columns = ("lesson", "raw_score", "late_penalty", "score", "max_score", "needs_manual_grade")

    def rows(self, submission: Any) -> Iterator[_Row]:
        """A row for each notebook."""
        for notebook in sorted(submission.notebooks, key=lambda it: str(it.name)):
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
    columns = ("lesson", "check", "status", "score", "max_score")

    def rows(self, submission: Any) -> Iterator[_Row]:
        """What the autograded notebooks hold."""
        directory = CourseDirectory(parent=self)
        folder = directory.format_path(
            directory.autograded_directory, submission.student_id, submission.assignment.name
        )
        for path in sorted(Path(folder).glob("*.ipynb")):
            for cell in read_cells(path.read_bytes(), path.name):
                for output in cell.get("outputs", ()):
                    for check in output.get("metadata", {}).get(CHECKS, ()):
                        yield {"lesson": path.stem, **check}
