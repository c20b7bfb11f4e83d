"""Which level of isolation a machine can hold: found by trying, strongest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from grader.errors import IsolationRefused
from grader.sandbox.levels import Isolation

#: What is tried when nobody asks for a level. ``process`` is not among them: it lets student code
#: read this machine's files, which somebody has to want.
_UNASKED: Final = (Isolation.FULL, Isolation.FILTERED)


@dataclass(frozen=True, slots=True)
class Choice:
    """The level in force, and why it is not a stronger one."""

    isolation: Isolation
    refusals: tuple[str, ...] = ()  # of the stronger levels that were tried, strongest first

    def __str__(self) -> str:
        """One line for whoever grades."""
        if not self.refusals:
            return f"Isolation: `{self.isolation}`."
        reason = self.refusals[0].partition("\n")[0].rstrip(".")
        return f"Isolation: `{self.isolation}`, since {reason}. `grader doctor` tells more."


def choose(start: Callable[[Isolation], object], wanted: Isolation | None) -> Choice:
    """Start a sandbox at the wanted level; when none is, at the strongest that can be had.

    Args:
        start: starts a real sandbox at a level, which tries the forbidden acts in it.
        wanted: never lowered.

    Raises:
        IsolationRefused: the wanted level cannot be had; or neither `full` nor `filtered` can.
        SandboxError: the sandbox failed for another reason.
    """
    if wanted is not None:
        start(wanted)
        return Choice(wanted)
    refusals: list[str] = []
    for level in _UNASKED:
        try:
            start(level)
        except IsolationRefused as refused:
            refusals.append(str(refused))
        else:
            return Choice(level, tuple(refusals))
    raise IsolationRefused("\n".join(refusals))


def weakest(choices: list[Choice]) -> Choice:
    """The level that all processes of a run can hold, where each has chosen for itself."""
    return max(choices, key=lambda choice: list(Isolation).index(choice.isolation))
