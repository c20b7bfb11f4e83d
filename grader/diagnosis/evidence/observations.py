"""Observations of a student's function: arguments, the right value, and the one that came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.checks.descriptions import numeric
from grader.diagnosis.agreement import same


@dataclass(frozen=True, slots=True)
class Observation:
    """One call."""

    arguments: Mapping[str, Any]  # by parameter
    due: Any  # the value of the reference
    got: Any  # the value of the student's function
    raised: bool = False  # whether it raised an exception instead

    @property
    def is_right(self) -> bool:
        """Whether the right value came back."""
        return not self.raised and same(self.got, self.due)

    def arrays(self) -> list[tuple[str, np.ndarray]]:
        """The arguments that are arrays of numbers, as floats, by name."""
        arguments = ((name, numeric(value)) for name, value in self.arguments.items())
        return [
            (name, array.astype(float))
            for name, array in arguments
            if array is not None and array.ndim and array.dtype.kind in "biuf"
        ]

    def numbers(self) -> tuple[np.ndarray, np.ndarray] | None:
        """The right and the returned value, if both are numbers of the same shape."""
        due, got = as_numbers(self.due), numeric(self.got)
        if due is None or got is None or due.shape != got.shape or not due.size:
            return None
        got = as_numbers(got)  # not before: it may be huge
        return None if got is None else (due, got)


def as_numbers(value: Any) -> np.ndarray | None:
    """A value as an array of real numbers; None if it contains anything else."""
    array = None if value is None else numeric(value)
    if array is None or array.dtype.kind not in "biuf":
        return None
    return array.astype(float)


def take_apart(observations: Sequence[Observation]) -> list[list[Observation]] | None:
    """The observations of each part, if several values should come back and as many do."""
    counts = {len(call.due) if isinstance(call.due, tuple) else 0 for call in observations}
    if len(counts) > 1 or counts == {0}:
        return None
    (count,) = counts
    whole = [call for call in observations if not call.raised]
    if not all(isinstance(call.got, tuple | list) and len(call.got) == count for call in whole):
        return None
    return [
        [
            replace(call, due=call.due[n], got=None if call.raised else call.got[n])
            for call in observations
        ]
        for n in range(count)
    ]
