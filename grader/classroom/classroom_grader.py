"""Grades for the classroom in processes of its own, as `grader grade` does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from grader.classroom.adopted import AdoptedAssignment
from grader.classroom.graded_cells import TestCell, adopted_cells, test_cells
from grader.classroom.handed_in import read_adopted_notebooks, read_submission
from grader.course import Course
from grader.grading.graders import start_graders
from grader.grading.lesson_fingerprints import LessonFingerprints
from grader.results import StudentResult
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Submission


class ClassroomGrader:
    """Grades submissions against one course; its processes run until it is closed."""

    def __init__(
        self,
        course: Course,
        wanted: Isolation | None,
        jobs: int,
        adopted: AdoptedAssignment | None = None,
    ) -> None:
        """Start the processes.

        Args:
            course: whose checks.
            wanted: the level of isolation that was asked for.
            jobs: how many processes.
            adopted: the assignment of which the course was made, if it was.

        Raises:
            CourseError: the course cannot be used.
            IsolationRefused: the level cannot be had.
            GraderError: the processes are lost.
        """
        self.course = course
        self._stack = ExitStack()
        try:
            self._graders = self._stack.enter_context(start_graders(course, jobs, wanted))
            subjects = {} if adopted else self._graders.list_subjects()
        except BaseException:
            self.close()
            raise
        self.choice = self._graders.choice
        #: Of the course. Work with another fingerprint was graded before the course changed.
        self.fingerprint = LessonFingerprints(course).course.hex()
        self.adopted = adopted
        #: The test cells of each notebook that are graded here.
        self.tests: dict[str, list[TestCell]] = (
            {name: adopted_cells(notebook) for name, notebook in adopted.notebooks.items()}
            if adopted
            else {lesson.id: test_cells(subjects[lesson.id]) for lesson in course.lessons}
        )

    def lesson_of(self, notebook: str) -> str:
        """The lesson that a notebook is; empty if nothing of it is graded here."""
        if self.adopted is None:
            return notebook
        return self.adopted.notebooks[notebook].lesson if notebook in self.tests else ""

    def stays(self, notebook: str) -> frozenset[str]:
        """The grade ids of a notebook's test cells that nbgrader's kernel grades."""
        if self.adopted is None or notebook not in self.tests:
            return frozenset()
        return self.adopted.notebooks[notebook].stays

    def read(self, folder: Path, student: str, others: Iterable[Path]) -> Submission:
        """Read what a student handed in; see :func:`grader.classroom.handed_in.read_submission`."""
        if self.adopted:
            return read_adopted_notebooks(self.course, folder, student, self.adopted)
        return read_submission(self.course, folder, student, self.tests, others)

    def grade(self, submission: Submission) -> StudentResult:
        """Grade one student."""
        (result,) = self._graders.grade([submission])
        return result

    def grade_class(self, submissions: Iterable[Submission]) -> Iterator[Sequence[StudentResult]]:
        """Grade all submissions; see :meth:`grader.grading.graders.Graders.grade_class`."""
        return self._graders.grade_class(submissions)

    def close(self) -> None:
        """End the processes."""
        self._stack.close()
