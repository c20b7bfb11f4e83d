"""The time budget of one lesson of one student.

The head start, the checks, follow-through and the naming of mistakes all charge it, and so do the
checks on our side. A lesson whose checks have used it up gets no follow-through, and its mistakes
get no names.
"""

from __future__ import annotations

from typing import Protocol

from grader.sandbox.faults import TimedOut


class Budget:
    """Seconds of CPU time. Time in which the program slept while we waited counts as well."""

    def __init__(self, seconds: float) -> None:
        """Begin with the whole time."""
        self.seconds = seconds
        self.spent = 0.0

    @property
    def left(self) -> float:
        """Seconds that may still be used; 0 when the time is used up."""
        return max(self.seconds - self.spent, 0.0)

    def charge(self, seconds: float) -> None:
        """Count time as used."""
        self.spent += max(seconds, 0.0)

    def used_up(self) -> TimedOut:
        """The fault of a program that needs more time."""
        return TimedOut(f"the {self.seconds:g} s for this whole lesson are used up")


class Clocks(Protocol):
    """Tells the times of the present worker. Each question is slow."""

    def cpu_seconds(self) -> float:
        """CPU time that it has used."""

    def queued_seconds(self) -> float:
        """Time in which it was ready to compute, but no core was free."""


class WorkerClock:
    """The CPU time of a lesson's present worker, which is charged once the worker has ended."""

    def __init__(self, budget: Budget, clocks: Clocks) -> None:
        """Begin without a worker.

        Args:
            budget: of the lesson.
            clocks: of the present worker.
        """
        self.budget = budget
        self.used = 0.0  # CPU seconds, at the most
        self._clocks = clocks
        self._has_worker = False

    def start(self, used: float = 0.0) -> None:
        """Begin with a worker that has used so many seconds; a fresh one has used none."""
        self.used = used
        self._has_worker = True

    def stop(self, charged: float) -> None:
        """The worker has ended; charge these seconds."""
        self.budget.charge(charged)
        self.used = 0.0
        self._has_worker = False

    def read(self) -> float:
        """Set :attr:`used` to what the worker has really used."""
        self.used = self._clocks.cpu_seconds()
        return self.used

    def read_queued(self) -> float:
        """Seconds in which the worker has waited for a free core."""
        return self._clocks.queued_seconds()

    def check(self) -> None:
        """Stop a lesson whose time is used up, after a look at the worker's real clock.

        Raises:
            TimedOut: it is used up.
        """
        if self.used < self.budget.left:
            return
        if self._has_worker:
            self.read()
        if self.used >= self.budget.left:
            raise self.budget.used_up()
