"""The time that one lesson of one student may use: one clock for everything that it is used for.

The head start, the checks, follow-through and the naming of mistakes each open sessions of their
own; on our side, the checks look at what came back. All of them charge the same budget. A lesson
that has used it up in its checks gets no follow-through and no name for its mistakes.
"""

from __future__ import annotations

from grader.sandbox.faults import TimedOut


class Budget:
    """Seconds of CPU time; those of sleep that we waited for count as well."""

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
        """What a program gets that asks for more."""
        return TimedOut(f"the {self.seconds:g} s for this whole lesson are used up")
