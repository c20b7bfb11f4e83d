"""What grades one course: a backend, to which a class is handed in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

from grader.course import Course
from grader.errors import GraderError
from grader.grading.backend import Backend
from grader.grading.batches import GradedBatch, cut_into_batches, grade_batches, list_subjects
from grader.grading.local_backend import ENDED_FROM_OUTSIDE, start_local_backend
from grader.results import StudentResult
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Submission

if TYPE_CHECKING:  # the process that hands out batches needs neither pytest nor numpy
    from grader.grading.check_subjects import CheckSubject


class Graders:
    """Processes that are ready to grade; see :func:`start_graders`."""

    def __init__(self, course: Course, backend: Backend, *, for_author: bool = False) -> None:
        """Prepare.

        Args:
            course: the checks and solutions to grade against.
            backend: where batches are graded.
            for_author: whether explanations of hidden checks may contain their numbers.
        """
        self.course = course
        self.choice = backend.choice
        self._backend = backend
        self._for_author = for_author

    def grade(self, submissions: Iterable[Submission]) -> list[StudentResult]:
        """Grade a few submissions; return the results sorted by student.

        Raises:
            GraderError: see :meth:`grade_batches`.
        """
        results = chain.from_iterable(self.grade_class(submissions))
        return sorted(results, key=lambda result: result.student)

    def grade_class(self, submissions: Iterable[Submission]) -> Iterator[Sequence[StudentResult]]:
        """Like :meth:`grade_batches`, without the level."""
        return (batch.results for batch in self.grade_batches(submissions))

    def grade_batches(self, submissions: Iterable[Submission]) -> Iterator[GradedBatch]:
        """Grade all submissions; yield the results of some students as they come, and keep none.

        Args:
            submissions: read only as fast as they are graded.

        Raises:
            CourseError, SandboxError: the class cannot be graded.
            GraderError: processes are lost whatever is graded.
        """
        return grade_batches(
            self._backend, cut_into_batches(submissions), for_author=self._for_author
        )

    def list_subjects(self) -> dict[str, list[CheckSubject]]:
        """See :func:`grader.grading.check_subjects.list_subjects`.

        Raises:
            CourseError: the checks cannot be collected, or a solution cannot be imported.
            GraderError: the process is lost.
        """
        try:
            return self._backend.submit(list_subjects).result()
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
    with start_local_backend(course, jobs, wanted) as backend:
        yield Graders(course, backend, for_author=for_author)


@contextmanager
def start_cluster_graders(
    course: Course,
    scheduler: str,
    wanted: Isolation | None = None,
    tell: Callable[[str], None] = lambda sentence: None,
) -> Iterator[Graders]:
    """Processes on the machines of a cluster; see :func:`.cluster_backend.start_cluster_backend`.

    Raises:
        GraderError: Dask is not installed, or no machine can grade.
    """
    try:
        # Only this needs Dask, which takes half a second to import.
        from grader.grading.cluster.cluster_backend import start_cluster_backend  # noqa: PLC0415
    except ImportError as error:
        raise GraderError(
            f"`--scheduler` needs Dask, which cannot be imported here ({error}). Install it: "
            "pip install 'self-attention-course[cluster]'"
        ) from error
    with start_cluster_backend(course, scheduler, wanted, tell) as backend:
        yield Graders(course, backend)
