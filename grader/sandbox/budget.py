"""The time budget of one lesson of one student.

The head start, the checks, follow-through and the naming of mistakes all charge it, and so do the
checks on our side. A lesson whose checks have used it up gets no follow-through, and its mistakes
get no names.
"""

from __future__ import annotations

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
