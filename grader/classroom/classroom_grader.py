"""Grades for the classroom in processes of its own, as `grader grade` does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack

from grader.classroom.graded_cells import TestCell, test_cells
from grader.course import Course
from grader.grading.graders import start_graders
from grader.grading.lesson_fingerprints import LessonFingerprints
from grader.results import StudentResult
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Submission


class ClassroomGrader:
    """Grades submissions against one course; its processes run until it is closed."""

    def __init__(self, course: Course, wanted: Isolation | None, jobs: int) -> None:
        """Start the processes.

        Raises:
            CourseError: the course cannot be used.
            IsolationRefused: the level cannot be had.
            GraderError: the processes are lost.
        """
        self.course = course
        self._stack = ExitStack()
        try:
            self._graders = self._stack.enter_context(start_graders(course, jobs, wanted))
            subjects = self._graders.list_subjects()
        except BaseException:
            self.close()
            raise
        self.choice = self._graders.choice
        #: Of the course. Work with another fingerprint was graded before the course changed.
        self.fingerprint = LessonFingerprints(course).course.hex()
        #: The test cells of each lesson.
        self.tests: dict[str, list[TestCell]] = {
            lesson.id: test_cells(subjects[lesson.id]) for lesson in course.lessons
        }

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
