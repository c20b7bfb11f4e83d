"""Copies of usual values as the other end of the wire gets them, without the way through bytes.

Known mistakes, mutants and the reference are called in this process, a hundred thousand times for a
class. What they are given, and what they return, is as if it had been sent.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from grader.sandbox import dtypes

#: Of two types with the same numbers, `l` and `q`, only the wire's own has the number that is here.
_NUMERIC: Final = {dtype: dtype.num for dtype in dtypes.NUMERIC}
_UNCHANGED: Final = {type(None), bool, float, complex} | {kind.type for kind in dtypes.NUMERIC}
#: Values of this size are within all limits of the wire.
_LONGEST: Final = 64  # items of a list or tuple, characters of a text
_DEEPEST: Final = 2
_LARGEST: Final = 2_048  # bytes of an array
_MOST_AXES: Final = 8


class Unusual(Exception):
    """A value that has to be encoded and decoded, or cannot be sent."""


def copy_usual(value: Any, depth: int = 0) -> Any:
    """What ``decode(encode(value))`` gives, in a fifth of the time.

    Raises:
        Unusual: it is large, empty, deep, or of a type that is not common.
    """
    kind = type(value)
    if kind in _UNCHANGED:
        return value
    if kind is np.ndarray:
        is_small = 0 < value.nbytes <= _LARGEST and value.ndim <= _MOST_AXES
        if is_small and _NUMERIC.get(value.dtype) == value.dtype.num:
            return np.array(value, order="C")
    elif kind is int:
        if -(1 << 63) <= value < 1 << 63:
            return value
    elif kind is list or kind is tuple:
        if len(value) <= _LONGEST and depth < _DEEPEST:
            return kind([copy_usual(part, depth + 1) for part in value])
    elif kind is str and len(value) <= _LONGEST and value.isascii():
        return value
    raise Unusual


def copy_sent(value: Any) -> Any:
    """The same of a value that was encoded: it is within all limits, however large it is.

    Raises:
        Unusual: it is of a type that is not common.
    """
    kind = type(value)
    if kind in _UNCHANGED or kind is int or kind is str:
        return value
    if kind is np.ndarray and _NUMERIC.get(value.dtype) == value.dtype.num:
        return np.array(value, order="C")
    if kind is list or kind is tuple:
        return kind([copy_sent(part) for part in value])
    if kind is dict and all(type(key) is str for key in value):
        return {key: copy_sent(part) for key, part in value.items()}
    raise Unusual


def is_surely_same(value: Any, other: Any) -> bool:
    """Whether ``encode`` gives the same for two values; False also for many that are alike.

    Args:
        value: one of them, with common types.
        other: a copy of it that may have been changed since.
    """
    kind = type(value)
    if type(other) is not kind:
        return False
    if kind is np.ndarray:
        is_alike = value.dtype == other.dtype and value.shape == other.shape
        return is_alike and value.dtype in _NUMERIC and value.tobytes() == other.tobytes()
    if kind is list or kind is tuple:
        return len(value) == len(other) and all(map(is_surely_same, value, other))
    if kind is dict:
        return is_surely_same([*value], [*other]) and is_surely_same(
            [*value.values()], [*other.values()]
        )
    return value is other and (kind in _UNCHANGED or kind is int or kind is str)
