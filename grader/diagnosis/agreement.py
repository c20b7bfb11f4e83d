"""When two replies to a probe are the same: up to rounding, and whatever holds the numbers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from grader.checks.descriptions import numeric
from grader.diagnosis.probes import Reply, overflows, without_inf

RTOL: Final = 1e-6
ATOL: Final = 1e-8


def agree(one: Reply, other: Reply) -> bool:
    """Whether both give the same value, or both raise an exception of the same kind."""
    if one.error is not None or other.error is not None:
        return _fail_alike(one.error, other.error)
    return same(one.value, other.value)


def agree_in_corner(one: Reply, other: Reply) -> bool:
    """The same, or not finite in the same places, whether it shows as nan, inf or an exception."""
    if agree(one, other):
        return True
    if one.error is None and other.error is None:
        return same(without_inf(one.value), without_inf(other.value))
    return overflows(one) and overflows(other)


def _fail_alike(one: BaseException | None, other: BaseException | None) -> bool:
    """Whether both are exceptions that say the same: of a number, or of anything else."""
    if one is None or other is None:
        return False
    return isinstance(one, ArithmeticError) == isinstance(other, ArithmeticError)


def same(one: Any, other: Any) -> bool:
    """Whether two plain values are equal up to rounding, whatever holds the numbers."""
    first, second = numeric(one), numeric(other)
    if first is not None and second is not None:
        return first.shape == second.shape and bool(
            np.allclose(first, second, rtol=RTOL, atol=ATOL, equal_nan=True)
        )
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return one is None and other is None
