"""Compares replies to a probe: numbers up to rounding, in an array or in lists."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from grader.checks.descriptions import numeric
from grader.diagnosis.probes import Reply

RTOL: Final = 1e-6
ATOL: Final = 1e-8


def agree(one: Reply, other: Reply) -> bool:
    """Whether both replies are the same value, or both exceptions of the same kind."""
    if one.error is not None or other.error is not None:
        return _fail_alike(one.error, other.error)
    return same(one.value, other.value)


def _fail_alike(one: BaseException | None, other: BaseException | None) -> bool:
    """Whether both are exceptions, both about numbers or both about something else."""
    if one is None or other is None:
        return False
    return isinstance(one, ArithmeticError) == isinstance(other, ArithmeticError)


def close(one: np.ndarray | float, other: np.ndarray | float) -> bool:
    """Whether numbers are equal up to rounding; nan equals nan. Their shapes fit together."""
    if np.array_equal(one, other):  # most are; it takes a tenth of the time
        return True
    return bool(np.allclose(one, other, rtol=RTOL, atol=ATOL, equal_nan=True))


def same(one: Any, other: Any) -> bool:
    """Whether two plain values are equal up to rounding, in arrays or in lists."""
    first, second = numeric(one), numeric(other)
    if first is not None and second is not None:
        return first.shape == second.shape and close(first, second)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, str | bytes | None):
        return type(one) is type(other) and one == other
    return False
