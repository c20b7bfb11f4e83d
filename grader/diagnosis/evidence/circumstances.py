"""Finds the circumstances in which a function is wrong: if a vector is all zeros, say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from grader.checks.descriptions import numeric
from grader.diagnosis.evidence.observations import Observation, as_numbers

_SHORT: Final = 0.1  # a length that a number against 0 / 0 changes
_FAR: Final = 100.0  # exp(100) cannot be an accident
_LEAST_RIGHT: Final = 2  # calls that must be right elsewhere
_MOST_TOLD: Final = 2  # with more circumstances that fit, none is named


def where_alone(observations: Sequence[Observation]) -> str | None:
    """What is true of all wrong calls and of no right one, in words that follow “where”.

    Args:
        observations: all calls, right and wrong.

    Returns:
        The words; None if nothing fits, or too much.
    """
    wrong = [it for it in observations if not it.is_right]
    right = [it for it in observations if it.is_right]
    if not wrong or len(right) < _LEAST_RIGHT:
        return None
    found = [
        words
        for words, holds in CIRCUMSTANCES.items()
        if all(holds(it) for it in wrong) and not any(holds(it) for it in right)
    ]
    if not 1 <= len(found) <= _MOST_TOLD:
        return None
    return ", or where ".join(found)


def _vectors(it: Observation) -> Iterator[np.ndarray]:
    """All vectors in the arguments: those of one dimension, and the rows of tables."""
    for _, array in it.arrays():
        if array.ndim == 1:
            yield array
        elif array.ndim == 2:
            yield from array


def _any_vector(holds: Callable[[np.ndarray], Any]) -> Callable[[Observation], bool]:
    return lambda it: any(bool(holds(vector)) for vector in _vectors(it) if vector.size)


def _any_fraction(holds: Callable[[np.ndarray], Any]) -> Callable[[Observation], bool]:
    """The same for vectors that are not of whole numbers; in these a zero may be an accident."""
    return lambda it: not _whole_numbers(it) and _any_vector(holds)(it)


def _whole_numbers(it: Observation) -> bool:
    kinds = {array.dtype.kind for value in it.arguments.values() if _is_array(array := _of(value))}
    return bool(kinds & set("iub")) and isinstance(next(iter(it.arguments.values())), np.ndarray)


def _of(value: Any) -> np.ndarray:
    array = numeric(value)
    return np.zeros(()) if array is None else array


def _is_array(array: np.ndarray) -> bool:
    return bool(array.ndim)


def _a_list(it: Observation) -> bool:
    return any(isinstance(value, list) for value in it.arguments.values())


def _dimensions(count: int) -> Callable[[Observation], bool]:
    def holds(it: Observation) -> bool:
        arrays = it.arrays()
        return bool(arrays) and arrays[0][1].ndim == count

    return holds


def _not(holds: Callable[[Observation], bool]) -> Callable[[Observation], bool]:
    return lambda it: not holds(it)


def _square_result(it: Observation) -> bool:
    due = it.due[-1] if isinstance(it.due, tuple) else it.due
    array = as_numbers(due)
    return array is not None and array.ndim == 2 and array.shape[0] == array.shape[1]


def _square_table(it: Observation) -> bool:
    arrays = it.arrays()
    return bool(arrays) and arrays[0][1].ndim == 2 and len(set(arrays[0][1].shape)) == 1


def _rows_far_apart(it: Observation) -> bool:
    for _, array in it.arrays():
        if array.ndim == 2 and len(array) > 1 and np.isfinite(array).all():
            highest = array.max(axis=1)
            if highest.max() - highest.min() > _FAR:
                return True
    return False


def _large(it: Observation) -> bool:
    return any(bool((np.abs(array[np.isfinite(array)]) > _FAR).any()) for _, array in it.arrays())


def _an_axis(it: Observation) -> bool:
    axis = it.arguments.get("axis")
    arrays = it.arrays()
    return isinstance(axis, int) and bool(arrays) and axis % max(1, arrays[0][1].ndim) == 0


def _negative_result(it: Observation) -> bool:
    due = as_numbers(it.due)
    return due is not None and bool((due < 0).any())


def _one(axis: int) -> Callable[[Observation], bool]:
    def holds(it: Observation) -> bool:
        arrays = it.arrays()
        return bool(arrays) and arrays[0][1].ndim == 2 and arrays[0][1].shape[axis] == 1

    return holds


def _holds_zero(vector: np.ndarray) -> bool:
    return bool(vector.any()) and not bool(vector.all())


#: The circumstances that are tried; those that say most come first.
CIRCUMSTANCES: Final[Mapping[str, Callable[[Observation], bool]]] = {
    "a vector is all zeros": _any_vector(lambda vector: not vector.any()),
    "both vectors are all zeros": lambda it: not any(vector.any() for vector in _vectors(it)),
    "a vector is very short": _any_vector(lambda vector: 0 < np.linalg.norm(vector) < _SHORT),
    "a vector sums to zero": _any_fraction(
        lambda vector: vector.any() and abs(vector.sum()) < 1e-9
    ),
    "a vector begins with a zero": _any_fraction(lambda vector: vector.any() and vector[0] == 0),
    "a vector ends with a zero": _any_fraction(lambda vector: vector.any() and vector[-1] == 0),
    "a vector has a zero in it": _any_fraction(_holds_zero),
    "an argument holds minus infinity": _any_vector(lambda vector: np.isneginf(vector).any()),
    "an argument holds whole numbers": _whole_numbers,
    "an argument is a list": _a_list,
    "there are two dimensions": _dimensions(2),
    "there is one dimension": _dimensions(1),
    "there are three dimensions": _dimensions(3),
    "there is more than one dimension": lambda it: _dimensions(2)(it) or _dimensions(3)(it),
    "there are not two dimensions": _not(_dimensions(2)),
    "`axis` is the first one": _an_axis,
    "rows are far apart": _rows_far_apart,
    "numbers are large": _large,
    "there is a single row": _one(0),
    "there is a single column": _one(1),
    "the result is square": _square_result,
    "the result is not square": _not(_square_result),
    "the first argument is square": _square_table,
    "the first argument is not square": _not(_square_table),
    "something negative is due": _negative_result,
}  # fmt: skip
