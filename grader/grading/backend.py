"""Where batches are graded: on this machine's cores, or on the machines of a cluster."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from typing import Concatenate, ParamSpec, TypeVar

from grader.course import Course
from grader.grading.current_check import Place
from grader.sandbox.levels import Isolation, LevelChoice

P = ParamSpec("P")
T = TypeVar("T")


class ProcessLost(BrokenExecutor):
    """A grading process ended during a call."""

    def __init__(self, place: Place | None, overran: bool) -> None:
        """Prepare.

        Args:
            place: the check that it was running; None if it was running none.
            overran: whether it was ended because the check took too long.
        """
        super().__init__(place, overran)  # with these, pickle makes it again
        self.place = place
        self.overran = overran

    def __str__(self) -> str:
        return "a grading process was lost"


class MachineLost(BrokenExecutor):
    """A machine of a cluster was lost during a call, with all processes on it."""


class Backend(ABC):
    """Grades batches in processes of its own.

    A lost process or machine costs the calls that it was working on. Further calls are taken.
    """

    #: The weakest level of isolation at which it grades, and why it is not a stronger one.
    choice: LevelChoice

    @property
    @abstractmethod
    def most_pending(self) -> int:
        """How many calls it should have at the same time. A cluster's number changes."""

    @abstractmethod
    def submit(
        self,
        task: Callable[Concatenate[Course, Isolation, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Future[T]:
        """Call a function in a grading process, with the course and the level that holds there.

        The future raises :class:`ProcessLost`, :class:`MachineLost`, or what the function raised.

        Raises:
            BrokenExecutor: no more calls are taken.
        """

    def wait(self, pending: Collection[Future[T]]) -> Collection[Future[T]]:
        """Wait until some calls are done, and return these; none if there is room for more.

        Raises:
            GraderError: they never will be.
        """
        return wait(pending, return_when=FIRST_COMPLETED).done
