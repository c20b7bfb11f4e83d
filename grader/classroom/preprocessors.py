"""Preprocessors of nbgrader: they clear answers, and grade without a kernel."""

from __future__ import annotations

import atexit
from logging import Logger
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    ClearSolutions,
    Execute,
    NbGraderPreprocessor,
    SaveAutoGrades,
)
from nbgrader.utils import is_solution
from traitlets import Enum
from traitlets.config import SingletonConfigurable

from grader.classroom.adopted import AdoptedAssignment
from grader.classroom.cell_outputs import is_undecided, refuse_our_errors, write_outputs
from grader.classroom.classroom_grader import ClassroomGrader
from grader.classroom.kernel_cells import run_cells_that_stay
from grader.classroom.our_assignments import OurAssignments
from grader.course import Course
from grader.course.stubs import BEGIN, make_stub
from grader.grading.lesson_fingerprints import LessonFingerprints
from grader.results import StudentResult
from grader.sandbox.levels import Isolation
from grader.submissions.notebooks import WRITTEN_STUB
from grader.submissions.submission import Submission

_Resources = dict[str, Any]


class ClearAnswers(OurAssignments, ClearSolutions):
    """Clears answers as `grader build` does, so that notebooks and exercises are the same."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: _Resources, cell_index: int
    ) -> tuple[NotebookNode, _Resources]:
        """Clear one cell."""
        ours = self.is_ours(resources["nbgrader"]["assignment"])
        if ours and cell.cell_type == "code" and is_solution(cell) and BEGIN in cell.source:
            where = f"{resources['nbgrader']['notebook']}.ipynb, cell {cell_index + 1}"
            cell.source = make_stub(cell.source, where=where)
            return cell, resources
        if ours and cell.cell_type == "markdown" and is_solution(cell):
            cell.source = WRITTEN_STUB
            return cell, resources
        cleared: tuple[NotebookNode, _Resources] = super().preprocess_cell(
            cell, resources, cell_index
        )
        return cleared


class GradeInSandbox(OurAssignments, NbGraderPreprocessor):
    """Replaces ``Execute``: grades the notebook in the sandbox.

    Each test cell gets its result as an output. A kernel starts only for an adopted notebook with
    cells that can be graded nowhere else.
    """

    isolation = Enum(
        ["", *map(str, Isolation)],
        default_value="",
        help="How far student code is kept apart, at least. Empty: the most that can be had.",
    ).tag(config=True)

    @property
    def wanted(self) -> Isolation | None:
        """The wanted level of isolation."""
        return Isolation(self.isolation) if self.isolation else None

    def preprocess(
        self, nb: NotebookNode, resources: _Resources
    ) -> tuple[NotebookNode, _Resources]:
        """Grade the lesson, and write the outputs.

        Raises:
            GraderError: our end failed; nbgrader says so, and goes on with the next student.
        """
        about = resources["nbgrader"]
        directory = CourseDirectory(parent=self)
        course, adopted = self.find_course(directory, about["assignment"])
        cells = adopted.notebooks.get(about["notebook"]) if adopted else None
        is_left = cells is not None and cells.is_left
        if course is None or is_left:
            executed: tuple[NotebookNode, _Resources] = Execute(parent=self.parent)(nb, resources)
            return executed
        folder = directory.format_path(
            directory.submitted_directory, about["student"], about["assignment"]
        )
        kept = KeptGrader.instance()
        grader = kept.grader_for(course, self.wanted, self.log, adopted)
        others = self.other_folders(directory, about["student"], about["assignment"])
        submission = grader.read(Path(folder), about["student"], others)
        write_outputs(nb, about["notebook"], kept.grade(submission), grader)
        run_cells_that_stay(nb, resources, grader.stays(about["notebook"]), self.parent)
        return nb, resources


class SaveAutoScores(OurAssignments, SaveAutoGrades):
    """Saves scores as nbgrader does, and asks for manual grading if a check is undecided."""

    def _add_score(self, cell: NotebookNode, resources: _Resources) -> None:
        super()._add_score(cell, resources)
        if self.is_graded_here(self.assignment_id) and is_undecided(cell):
            name = cell.metadata["nbgrader"]["grade_id"]
            place = (self.notebook_id, self.assignment_id, self.student_id)
            self.gradebook.find_grade(name, *place).needs_manual_grade = True
            self.gradebook.db.commit()


class KeptGrader(SingletonConfigurable):
    """The grader of this process. It is kept, because each notebook gets a new preprocessor."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._grader: ClassroomGrader | None = None
        self._started_for: object = None
        #: The last result; the notebooks of one student come one after the other.
        self._last: tuple[Submission, StudentResult] | None = None
        atexit.register(self._close)

    def grader_for(
        self,
        course: Course,
        wanted: Isolation | None,
        log: Logger,
        adopted: AdoptedAssignment | None = None,
    ) -> ClassroomGrader:
        """The grader of a course; a new one if the course or the wanted level has changed."""
        state = (course, wanted, LessonFingerprints(course).course, adopted)
        if self._grader is None or self._started_for != state:
            self._close()
            self._grader = ClassroomGrader(course, wanted, 1, adopted)
            self._started_for = state
            if self._grader.choice.isolation is not Isolation.FULL:
                log.warning("%s", self._grader.choice)
        return self._grader

    def grade(self, submission: Submission) -> StudentResult:
        """Grade a submission with the grader of the last :meth:`grader_for`."""
        assert self._grader is not None
        if self._last is None or self._last[0] != submission:
            result = self._grader.grade(submission)
            refuse_our_errors(result)
            self._last = (submission, result)
        return self._last[1]

    def _close(self) -> None:
        if self._grader is not None:
            self._grader.close()
        self._grader = self._last = None
