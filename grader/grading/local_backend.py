"""The backend of this machine: each of its processes has a sandbox of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from typing import Concatenate, Final, ParamSpec, TypeVar

from grader.course import Course
from grader.errors import GraderError
from grader.grading.backend import Backend
from grader.grading.executors import local_executor
from grader.sandbox.levels import Isolation, LevelChoice, weakest_choice

P = ParamSpec("P")
T = TypeVar("T")

#: How often the processes are asked for their level before the run gives up.
_MAX_STARTS: Final = 3

ENDED_FROM_OUTSIDE: Final = (
    "a grading process was ended from outside (by the system, short of memory?). "
    "Run the same command again, with fewer --jobs if it happens again."
)


class LocalBackend(Backend):
    """Grades with an executor of this machine; see :func:`start_local_backend`."""

    def __init__(self, course: Course, executor: Executor, jobs: int, choice: LevelChoice) -> None:
        """Prepare.

        Args:
            course: the checks and solutions to grade against.
            executor: of processes. It raises ``BrokenExecutor`` for a call whose process is lost.
            jobs: how many processes it has.
            choice: the level that each of them holds.
        """
        self.choice = choice
        self._course = course
        self._executor = executor
        self._jobs = jobs

    @property
    def most_pending(self) -> int:
        """See the base class: a process that is done finds the next batch."""
        return 2 * self._jobs

    def submit(
        self,
        task: Callable[Concatenate[Course, Isolation, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Future[T]:
        """See the base class."""
        return self._executor.submit(task, self._course, self.choice.isolation, *args, **kwargs)


@contextmanager
def start_local_backend(
    course: Course, jobs: int, wanted: Isolation | None = None
) -> Iterator[LocalBackend]:
    """Start processes on this machine's cores. They end with the block.

    Args:
        course: the checks and solutions to grade against.
        jobs: how many processes grade at the same time.
        wanted: the level of isolation that was asked for; ``None`` for the strongest to be had.

    Raises:
        IsolationRefused: the level cannot be had here. The message says why, and what to do.
        GraderError: no process can be started, or processes are lost again and again.
    """
    with local_executor(jobs) as executor:
        choice = choose_level_of(executor, course, jobs, wanted)
        yield LocalBackend(course, executor, jobs, choice)


def choose_level_of(
    executor: Executor, course: Course, jobs: int, wanted: Isolation | None
) -> LevelChoice:
    """The level of isolation that all processes of an executor hold.

    Each process keeps the sandbox that it starts for this, so it costs no time. No student's code
    has run yet, so if a process is lost, all are asked again.

    Raises:
        IsolationRefused, GraderError: see :func:`start_local_backend`.
    """
    for attempt in range(1, _MAX_STARTS + 1):
        try:
            choices = [executor.submit(_start_sandbox, course, wanted) for _ in range(jobs)]
            return weakest_choice([choice.result() for choice in choices])
        except BrokenExecutor as error:
            if attempt == _MAX_STARTS:
                raise GraderError(ENDED_FROM_OUTSIDE) from error
    raise AssertionError  # the last attempt returns or raises


def _start_sandbox(course: Course, wanted: Isolation | None) -> LevelChoice:
    """In a grading process; see :func:`grader.grading.grading_process.start_sandbox`."""
    # The process that hands out batches needs neither pytest nor numpy.
    from grader.grading import grading_process  # noqa: PLC0415

    return grading_process.start_sandbox(course, wanted)
