"""Guesses, as a tutor would, what a number equals: a size of an argument, its root, a length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from grader.diagnosis.evidence.observations import Observation

_RTOL: Final = 1e-6

#: The powers of a size n that are tried, by the way in which they are written.
_POWERS: Final[Mapping[str, float]] = {
    "{n}": 1, "√{n}": 0.5, "1/{n}": -1, "1/√{n}": -0.5, "{n}²": 2, "1/{n}²": -2,
    "{n}·√{n}": 1.5, "1/({n}·√{n})": -1.5, "the fourth root of {n}": 0.25,
    "1 divided by the fourth root of {n}": -0.25,
}  # fmt: skip
_LENGTHS: Final[Mapping[str, float]] = {
    "the length of `{a}`": 1, "1 divided by the length of `{a}`": -1,
    "the square of the length of `{a}`": 2,
    "1 divided by the square of the length of `{a}`": -2,
}  # fmt: skip
_CONSTANTS: Final[Mapping[str, float]] = {
    "half": 0.5, "a third": 1 / 3, "a quarter": 0.25, "twice": 2, "three times": 3,
    "four times": 4, "ten times": 10, "a hundred times": 100,
}  # fmt: skip


def sizes_of(observation: Observation) -> Iterator[tuple[str, int, str]]:
    """The sizes of the arguments: a key, the number, and words such as ``X has 7 rows``."""
    for name, array in observation.arrays():
        if array.ndim == 1:
            yield f"{name} 0", array.size, f"`{name}` has {array.size} numbers"
        elif array.ndim == 2:
            rows, columns = array.shape
            yield f"{name} 0", rows, f"`{name}` has {rows} row{'s' * (rows != 1)}"
            yield f"{name} 1", columns, f"`{name}` has {columns} column{'s' * (columns != 1)}"


def equals(number: float, observation: Observation) -> Iterator[tuple[str, str]]:
    """All that a positive number equals in this call: a key, and words that follow the number."""
    for key, size, words in sizes_of(observation):
        if size < 2:  # 1 is its own root
            continue
        for form, power in _POWERS.items():
            if np.isclose(number, size**power, rtol=_RTOL):
                yield f"{form} {key}", f"{form.format(n=size)}, and {words}"
    for name, array in observation.arrays():
        length = float(np.sqrt((array**2).sum())) if array.ndim == 1 else 0.0
        for form, power in _LENGTHS.items():
            if length and np.isclose(number, length**power, rtol=_RTOL):
                yield form.format(a=name), form.format(a=name)


def in_words(number: float) -> str:
    """A factor in words: ``twice``, ``0.378 times``."""
    for words, value in _CONSTANTS.items():
        if np.isclose(number, value, rtol=_RTOL):
            return words
    return f"{number:.3g} times"
