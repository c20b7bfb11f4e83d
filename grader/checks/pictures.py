"""Pictures of visible checks: a small matrix that came back, and what it should be."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from grader.checks.descriptions import numeric
from grader.checks.explanations import compared_by
from grader.checks.student import Call
from grader.results import Number, Picture

_MAX_SIDE: Final = 12  # rows and columns that are shown
_DIGITS: Final = 6

_Matrix = npt.NDArray[np.float64]


def draw(error: BaseException, call: Call | None) -> Picture | None:
    """The picture of a failed assertion; None if there is no small matrix to draw.

    Args:
        error: that ended a visible check.
        call: the last call of the student's code, if there was one.
    """
    if not isinstance(error, AssertionError):
        return None
    returned = list(_matrices(call.value)) if call is not None else []
    compared = compared_by(error)
    if compared is not None and {"actual", "desired"} <= compared.keys():
        return _broken_law(returned, compared) or _side_by_side(compared)
    return Picture(_rows(returned[0])) if len(returned) == 1 else None


def _broken_law(returned: list[_Matrix], compared: Mapping[str, Any]) -> Picture | None:
    """A returned matrix, if the check compared the sums of its rows or columns."""
    actual, desired = _array(compared["actual"]), _array(compared["desired"])
    if actual is None or desired is None or actual.ndim != 1 or desired.ndim > 1:
        return None
    for matrix in returned:
        for axis in (1, 0):
            sums = matrix.sum(axis=axis)
            if sums.shape == actual.shape and np.allclose(sums, actual, equal_nan=True):
                wanted = np.broadcast_to(desired, sums.shape)
                return Picture(_rows(matrix), sums=tuple(map(_number, wanted)), axis=axis)
    return None


def _side_by_side(compared: Mapping[str, Any]) -> Picture | None:
    """Both sides of a comparison; a vector is a matrix of one row."""
    got, expected = _array(compared["actual"]), _array(compared["desired"])
    if got is None or expected is None or not 1 <= got.ndim <= 2:
        return None
    if expected.ndim == 0:
        expected = np.broadcast_to(expected, got.shape)
    if got.shape != expected.shape:
        return None
    got, expected = np.atleast_2d(got), np.atleast_2d(expected)
    return Picture(_rows(got), expected=_rows(expected)) if _is_small(got) else None


def _matrices(value: object) -> Iterator[_Matrix]:
    """The small matrices that a function returned: its value, or parts of a tuple or list."""
    array = _array(value)
    parts = value if array is None and isinstance(value, tuple | list) else [array]
    for part in parts:
        matrix = _array(part)
        if matrix is not None and matrix.ndim == 2 and _is_small(matrix):
            yield matrix


def _array(value: object) -> npt.NDArray[Any] | None:
    """A value as real numbers in their own type, so their sums are the same as in the check."""
    if not isinstance(value, np.ndarray | list | tuple | float | int | np.number):
        return None
    array = numeric(value)
    return None if array is None or array.dtype.kind == "c" else array


def _is_small(matrix: _Matrix) -> bool:
    return max(matrix.shape) <= _MAX_SIDE and matrix.size > 1


def _rows(matrix: _Matrix) -> tuple[tuple[Number, ...], ...]:
    return tuple(tuple(_number(value) for value in row) for row in matrix.tolist())


def _number(value: float) -> Number:
    value = float(value)
    return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else str(value)
