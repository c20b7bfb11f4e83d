"""The levels of isolation, their limits, and the choice of a level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from grader.errors import IsolationRefused


class Isolation(StrEnum):
    """The levels that keep student code apart from the machine, strongest first."""

    FULL = "full"
    FILTERED = "filtered"
    PROCESS = "process"


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """The limits of one call and of one lesson."""

    cpu_seconds_per_call: float
    wall_seconds_per_call: float
    seconds_per_lesson: float
    memory_bytes: int
    output_bytes: int


#: The levels that are tried if none is wanted. `process` lets student code read the files of this
#: machine, so a person has to ask for it.
_DEFAULT_LEVELS: Final = (Isolation.FULL, Isolation.FILTERED)


@dataclass(frozen=True, slots=True)
class LevelChoice:
    """The level in force, and why it is not a stronger one."""

    isolation: Isolation
    refusals: tuple[str, ...] = ()  # of the stronger levels that were tried, strongest first

    def __str__(self) -> str:
        """One line for the person who grades."""
        if not self.refusals:
            return f"Isolation: `{self.isolation}`."
        reason = self.refusals[0].partition("\n")[0].rstrip(".")
        return f"Isolation: `{self.isolation}`, since {reason}. `grader doctor` tells more."


def choose_level(start: Callable[[Isolation], object], wanted: Isolation | None) -> LevelChoice:
    """Start a sandbox at the wanted level; if none is wanted, at the strongest that works.

    Args:
        start: starts a sandbox at a level, and tries the forbidden acts in it.
        wanted: never lowered.

    Raises:
        IsolationRefused: the wanted level does not work here; or none was wanted, and neither
            `full` nor `filtered` works.
        SandboxError: the sandbox failed for another reason.
    """
    if wanted is not None:
        start(wanted)
        return LevelChoice(wanted)
    refusals: list[str] = []
    for level in _DEFAULT_LEVELS:
        try:
            start(level)
        except IsolationRefused as refused:
            refusals.append(str(refused))
        else:
            return LevelChoice(level, tuple(refusals))
    raise IsolationRefused("\n".join(refusals))


def weakest_choice(choices: Sequence[LevelChoice]) -> LevelChoice:
    """The weakest of the levels that the processes of a run have chosen, which all can hold."""
    return max(choices, key=lambda choice: list(Isolation).index(choice.isolation))
