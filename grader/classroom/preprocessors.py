"""What nbgrader runs in place of its own: clearing answers, and grading without a kernel."""

from __future__ import annotations

import atexit
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearSolutions, Execute, NbGraderPreprocessor
from nbgrader.utils import is_solution
from traitlets import Enum, List, Unicode

from grader.classroom.cell_outputs import refuse_our_errors, write_outputs
from grader.classroom.classroom_grader import ClassroomGrader, read_submission
from grader.course import Course
from grader.course.stubs import BEGIN, make_stub
from grader.grading.lesson_fingerprints import LessonFingerprints
from grader.results import StudentResult
from grader.sandbox.levels import Isolation
from grader.submissions.decoding import WRITTEN_STUB
from grader.submissions.submission import Submission

_Resources = dict[str, Any]


class ClearAnswers(ClearSolutions):
    """Takes answers out as `grader build` does, so that notebooks and exercises are the same."""

    others = List(Unicode(), help="Assignments of another kind: see GradeInSandbox.").tag(
        config=True
    )

    def preprocess_cell(
        self, cell: NotebookNode, resources: _Resources, cell_index: int
    ) -> tuple[NotebookNode, _Resources]:
        """Clear one cell."""
        ours = resources["nbgrader"]["assignment"] not in self.others
        if ours and cell.cell_type == "code" and is_solution(cell) and BEGIN in cell.source:
            where = f"{resources['nbgrader']['notebook']}.ipynb, cell {cell_index + 1}"
            cell.source = make_stub(cell.source, where=where)
            return cell, resources
        if ours and cell.cell_type == "markdown" and is_solution(cell):
            cell.source = WRITTEN_STUB
            return cell, resources
        found: tuple[NotebookNode, _Resources] = super().preprocess_cell(
            cell, resources, cell_index
        )
        return found


class GradeInSandbox(NbGraderPreprocessor):
    """Takes the place of ``Execute``: no kernel is started, and nothing of the student's runs here.

    The student's program is graded by this project's grader, and each test cell gets the result.
    """

    course = Unicode(help="The folder of the course that holds the checks.").tag(config=True)
    isolation = Enum(
        ["", *map(str, Isolation)],
        default_value="",
        help="How far student code is kept apart, at least. Empty: the most that can be had.",
    ).tag(config=True)

    others = List(
        Unicode(),
        help="Assignments that are not the course's: nbgrader runs them in a kernel, as ever.",
    ).tag(config=True)

    #: The processes that grade, and what they were started for.
    _kept: tuple[object, ClassroomGrader] | None = None

    #: The last submission that was graded here; a student's notebooks come one after the other.
    _last: tuple[Submission, StudentResult] | None = None

    def preprocess(
        self, nb: NotebookNode, resources: _Resources
    ) -> tuple[NotebookNode, _Resources]:
        """Grade the lesson, and write the outputs.

        Raises:
            GraderError: our end failed; nbgrader says so, and goes on with the next student.
        """
        about = resources["nbgrader"]
        if about["assignment"] in self.others:
            executed: tuple[NotebookNode, _Resources] = Execute(parent=self.parent)(nb, resources)
            return executed
        directory = CourseDirectory(parent=self)
        folder = directory.format_path(
            directory.submitted_directory, about["student"], about["assignment"]
        )
        grader = self._grader()
        submission = read_submission(grader.course, Path(folder), about["student"])
        result = self._grade(grader, submission)
        write_outputs(nb, about["notebook"], result, grader)
        return nb, resources

    def _grader(self) -> ClassroomGrader:
        """The grader that this process keeps, or a new one if the course or the wish changed."""
        course = Course.load(Path(self.course))
        state = (course, self.wanted, LessonFingerprints(course).course)
        kept = type(self)._kept
        if kept is not None and kept[0] == state:
            return kept[1]
        if kept is not None:
            type(self)._kept = type(self)._last = None
            kept[1].close()
        grader = ClassroomGrader(course, self.wanted, jobs=1)
        atexit.register(grader.close)
        type(self)._kept = (state, grader)
        if grader.choice.isolation is not Isolation.FULL:
            self.log.warning("%s", grader.choice)
        return grader

    @property
    def wanted(self) -> Isolation | None:
        """The level that was asked for."""
        return Isolation(self.isolation) if self.isolation else None

    def _grade(self, grader: ClassroomGrader, submission: Submission) -> StudentResult:
        last = type(self)._last
        if last is not None and last[0] == submission:
            return last[1]
        (result,) = grader.grade([submission])
        refuse_our_errors(result)
        type(self)._last = (submission, result)
        return result
