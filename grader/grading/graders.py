"""The processes that grade one course at one level of isolation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Final

from grader.course import Course
from grader.errors import GraderError
from grader.grading.batches import (
    ENDED_FROM_OUTSIDE,
    cut_into_batches,
    grade_batches,
    list_subjects,
    start_sandbox,
)
from grader.grading.executors import local_executor
from grader.results import StudentResult
from grader.sandbox.levels import Isolation, LevelChoice, weakest_choice
from grader.submissions.submission import Submission

if TYPE_CHECKING:  # the process that hands out batches needs neither pytest nor numpy
    from grader.grading.check_subjects import CheckSubject

#: How often the processes are asked for their level before the run gives up.
_MAX_STARTS: Final = 3


class Graders:
    """Processes that are ready to grade; see :func:`start_graders`."""

    def __init__(
        self,
        course: Course,
        executor: Executor,
        *,
        jobs: int,
        wanted: Isolation | None = None,
        for_author: bool = False,
    ) -> None:
        """Find the level of isolation that all processes can hold.

        Each process keeps the sandbox that it starts for this, so it costs no time. No student's
        code has run yet, so if a process is lost, all are asked again.

        Args:
            course: the checks and solutions to grade against.
            executor: runs the batches; see :func:`grader.grading.batches.grade_batches`.
            jobs: how many processes the executor has.
            wanted: the level that was asked for; ``None`` for the strongest that can be had.
            for_author: whether explanations of hidden checks may contain their numbers.

        Raises:
            IsolationRefused: the level cannot be had here. The message says why, and what to do.
            GraderError: processes are lost again and again.
        """
        self.course = course
        self.choice = _choose_level(course, executor, wanted, jobs)
        self._executor = executor
        self._for_author = for_author
        self._jobs = jobs

    def grade(self, submissions: Iterable[Submission]) -> list[StudentResult]:
        """Grade a few submissions; return the results sorted by student.

        Raises:
            GraderError: see :meth:`grade_class`.
        """
        results = chain.from_iterable(self.grade_class(submissions))
        return sorted(results, key=lambda result: result.student)

    def grade_class(self, submissions: Iterable[Submission]) -> Iterator[Sequence[StudentResult]]:
        """Grade all submissions; yield the results of some students as they come, and keep none.

        Args:
            submissions: read only as fast as they are graded.

        Raises:
            CourseError, SandboxError: the class cannot be graded.
            GraderError: processes are lost whatever is graded.
        """
        return grade_batches(
            self.course,
            cut_into_batches(submissions),
            self._executor,
            isolation=self.choice.isolation,
            waiting=2 * self._jobs,
            for_author=self._for_author,
        )

    def list_subjects(self) -> dict[str, list[CheckSubject]]:
        """See :func:`grader.grading.check_subjects.list_subjects`.

        Raises:
            CourseError: the checks cannot be collected, or a solution cannot be imported.
            GraderError: the process is lost.
        """
        try:
            return self._executor.submit(list_subjects, self.course).result()
        except BrokenExecutor as error:
            raise GraderError(ENDED_FROM_OUTSIDE) from error


@contextmanager
def start_graders(
    course: Course, jobs: int, wanted: Isolation | None = None, *, for_author: bool = False
) -> Iterator[Graders]:
    """Processes on this machine's cores. They end with the block.

    Args:
        course: the checks and solutions to grade against.
        jobs: how many processes grade at the same time.
        wanted: the level of isolation that was asked for; ``None`` for the strongest to be had.
        for_author: whether explanations of hidden checks may contain their numbers.

    Raises:
        IsolationRefused: the level cannot be had here.
        GraderError: no process can be started, or processes are lost again and again.
    """
    with local_executor(jobs) as executor:
        yield Graders(course, executor, jobs=jobs, wanted=wanted, for_author=for_author)


def _choose_level(
    course: Course, executor: Executor, wanted: Isolation | None, jobs: int
) -> LevelChoice:
    for attempt in range(1, _MAX_STARTS + 1):
        try:
            choices = [executor.submit(start_sandbox, course, wanted) for _ in range(jobs)]
            return weakest_choice([choice.result() for choice in choices])
        except BrokenExecutor as error:
            if attempt == _MAX_STARTS:
                raise GraderError(ENDED_FROM_OUTSIDE) from error
    raise AssertionError  # the last attempt returns or raises
