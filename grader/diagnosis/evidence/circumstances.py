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


def find_circumstances(observations: Sequence[Observation]) -> str | None:
    """What is true of all wrong calls and of no right one, in words that follow “where”.

    Args:
        observations: all calls, right and wrong.

    Returns:
        The words; None if nothing fits, or too much.
    """
    wrong = [call for call in observations if not call.is_right]
    right = [call for call in observations if call.is_right]
    if not wrong or len(right) < _LEAST_RIGHT:
        return None
    circumstances = [
        words
        for words, applies in CIRCUMSTANCES.items()
        if all(applies(call) for call in wrong) and not any(applies(call) for call in right)
    ]
    if not 1 <= len(circumstances) <= _MOST_TOLD:
        return None
    return ", or where ".join(circumstances)


def _vectors(call: Observation) -> Iterator[np.ndarray]:
    """All vectors in the arguments: those of one dimension, and rows of tables. Masks have none."""
    for name, array in call.arrays():
        if _of(call.arguments[name]).dtype.kind == "b":
            continue
        if array.ndim == 1:
            yield array
        elif array.ndim == 2:
            yield from array


def _any_vector(condition: Callable[[np.ndarray], Any]) -> Callable[[Observation], bool]:
    return lambda call: any(bool(condition(vector)) for vector in _vectors(call) if vector.size)


def _any_fraction(condition: Callable[[np.ndarray], Any]) -> Callable[[Observation], bool]:
    """The same for vectors that are not of whole numbers; in these a zero may be an accident."""
    return lambda call: not _whole_numbers(call) and _any_vector(condition)(call)


def _holds(kinds: str) -> Callable[[Observation], bool]:
    """Whether an argument is an array of one of some dtype kinds, and the first one an array."""

    def holds(call: Observation) -> bool:
        held = {array.dtype.kind for value in call.arguments.values() if (array := _of(value)).ndim}
        return bool(held & set(kinds)) and isinstance(_first_argument(call), np.ndarray)

    return holds


_whole_numbers: Final = _holds("iu")


def _first_argument(call: Observation) -> Any:
    return next(iter(call.arguments.values()), None)


def _of(value: Any) -> np.ndarray:
    array = numeric(value)
    return np.zeros(()) if array is None else array


def _a_list(call: Observation) -> bool:
    return any(isinstance(value, list) for value in call.arguments.values())


def _dimensions(count: int) -> Callable[[Observation], bool]:
    def holds(call: Observation) -> bool:
        arrays = call.arrays()
        return bool(arrays) and arrays[0][1].ndim == count

    return holds


def _not(condition: Callable[[Observation], bool]) -> Callable[[Observation], bool]:
    return lambda call: not condition(call)


def _last_result(call: Observation) -> Any:
    return call.due[-1] if isinstance(call.due, tuple) else call.due


def _square(
    value_of: Callable[[Observation], Any], *, expected: bool
) -> Callable[[Observation], bool]:
    """Whether a table has, or has not, as many rows as columns. No other value is either of it."""

    def holds(call: Observation) -> bool:
        array = as_numbers(value_of(call))
        return (
            array is not None and array.ndim == 2 and (array.shape[0] == array.shape[1]) is expected
        )

    return holds


def _rows_far_apart(call: Observation) -> bool:
    for _, array in call.arrays():
        if array.ndim == 2 and len(array) > 1 and np.isfinite(array).all():
            highest = array.max(axis=1)
            if highest.max() - highest.min() > _FAR:
                return True
    return False


def _large(call: Observation) -> bool:
    return any(bool((np.abs(array[np.isfinite(array)]) > _FAR).any()) for _, array in call.arrays())


def _an_axis(call: Observation) -> bool:
    axis = call.arguments.get("axis")
    arrays = call.arrays()
    return isinstance(axis, int) and bool(arrays) and axis % max(1, arrays[0][1].ndim) == 0


def _negative_result(call: Observation) -> bool:
    due = as_numbers(call.due)
    return due is not None and bool((due < 0).any())


def _one(axis: int) -> Callable[[Observation], bool]:
    def holds(call: Observation) -> bool:
        arrays = call.arrays()
        return bool(arrays) and arrays[0][1].ndim == 2 and arrays[0][1].shape[axis] == 1

    return holds


def _holds_zero(vector: np.ndarray) -> bool:
    return bool(vector.any()) and not bool(vector.all())


def _all_zeros(call: Observation) -> bool:
    vectors = [*_vectors(call)]
    return bool(vectors) and not any(vector.any() for vector in vectors)


#: The circumstances that are tried; those that say most come first.
CIRCUMSTANCES: Final[Mapping[str, Callable[[Observation], bool]]] = {
    "a vector is all zeros": _any_vector(lambda vector: not vector.any()),
    "both vectors are all zeros": _all_zeros,
    "a vector is very short": _any_vector(lambda vector: 0 < np.linalg.norm(vector) < _SHORT),
    "a vector sums to zero": _any_fraction(
        lambda vector: vector.any() and abs(vector.sum()) < 1e-9
    ),
    "a vector begins with a zero": _any_fraction(lambda vector: vector.any() and vector[0] == 0),
    "a vector ends with a zero": _any_fraction(lambda vector: vector.any() and vector[-1] == 0),
    "a vector has a zero in it": _any_fraction(_holds_zero),
    "an argument holds minus infinity": _any_vector(lambda vector: np.isneginf(vector).any()),
    "an argument holds whole numbers": _whole_numbers,
    "an argument holds True and False": _holds("b"),
    "an argument is a list": _a_list,
    "there are two dimensions": _dimensions(2),
    "there is one dimension": _dimensions(1),
    "there are three dimensions": _dimensions(3),
    "there is more than one dimension": lambda call: _dimensions(2)(call) or _dimensions(3)(call),
    "there are not two dimensions": _not(_dimensions(2)),
    "`axis` is the first one": _an_axis,
    "rows are far apart": _rows_far_apart,
    "numbers are large": _large,
    "there is a single row": _one(0),
    "there is a single column": _one(1),
    "the result is square": _square(_last_result, expected=True),
    "the result is not square": _square(_last_result, expected=False),
    "the first argument is square": _square(_first_argument, expected=True),
    "the first argument is not square": _square(_first_argument, expected=False),
    "something negative is due": _negative_result,
}  # fmt: skip
