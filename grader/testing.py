"""Functions for authors of checks: they take in and compare what a student's function returned.

Plain asserts and ``numpy.testing`` work in a check as in any test. When these functions fail, they
also tell the student which part is wrong, what came back, and what it should be.

>>> from grader.testing import agree, as_array, as_float_array, as_parts, assert_close, balanced
>>> from grader.testing import differ, earn, find_part, is_close, parts_of
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar, cast

import numpy as np
import numpy.typing as npt

RTOL: Final = 1e-6  # relative: far more than rounding costs, far less than a mistake
ATOL: Final = 1e-8  # absolute: for numbers that should be 0

F = TypeVar("F", bound=Callable[..., Any])

_REAL: Final = "iuf"  # kinds of dtype
_NUMBERS: Final = (int, float, np.integer, np.floating)


class Unfit(AssertionError):
    """What came back is not of the kind or shape that it should be."""

    def __init__(self, got: str, expected: str) -> None:
        """Tell what came back and what belongs there; neither holds a number that was compared."""
        super().__init__(f"expected {expected}, got {got}")
        self.got = got
        self.expected = expected


class Unequal(AssertionError):
    """Numbers that should be equal are not."""

    def __init__(
        self,
        actual: npt.NDArray[Any],
        desired: npt.NDArray[Any],
        why: str,
        of: str,
        beside: Mapping[str, npt.ArrayLike],
    ) -> None:
        """See :func:`assert_close`."""
        super().__init__(why)
        self.actual = actual
        self.desired = desired
        self.why = why
        self.of = of
        self.beside = beside


class Earned(AssertionError):
    """A check ends with a part of its points."""

    def __init__(self, share: float, words: str) -> None:
        """Tell how much was earned, from 0 to 1, and the same in words."""
        super().__init__(words)
        self.share = share


def earn(points: float, *, of: float) -> None:
    """End a check here, with a part of its points: ``earn(2, of=3)`` gives two thirds of them.

    All points let the check go on.

    Raises:
        Earned: the check ends with less; also with a number that is no mark, which gives nothing.
    """
    if not isinstance(points, _NUMBERS) or not 0 <= points < math.inf:
        raise Earned(0.0, "a mark must be a number, 0 or more")
    if points < of:
        raise Earned(float(points / of), f"{points:g} of {of:g} points")


def earn_last_value(value: object, *, of: float) -> None:
    """Give the last value of one of nbgrader's test cells as points, as nbgrader does.

    A number is the mark. None, a bool, a text or another value of the check's own gives all points.

    Raises:
        Earned: it is less than all points, no mark, or an object of the student's.
    """
    is_students = type(value).__module__.startswith("grader.")  # stands for one of the student's
    if is_students or (isinstance(value, _NUMBERS) and not isinstance(value, bool)):
        earn(cast("float", value), of=of)


def instead_of(step: Callable[..., Any]) -> Callable[[F], F]:
    """Mark a function as a wrong step, which people write instead of a right one.

    For files of variants; see :mod:`grader.diagnosis.variants`.

    Args:
        step: the right one, a function of the same file.
    """

    def mark(wrong: F) -> F:
        wrong.instead_of = step.__name__  # type: ignore[attr-defined]  # functions take any
        return wrong

    return mark


def evidence_of(function: str) -> Callable[[F], F]:
    """Mark a function as a rule: whether what came of a call shows what its docstring says.

    For files of evidence; see :mod:`grader.diagnosis.evidence.rule_files`.

    Args:
        function: of the lesson, whose calls it looks at.
    """

    def mark(rule: F) -> F:
        rule.evidence_of = function  # type: ignore[attr-defined]  # functions take any
        return rule

    return mark


def balanced(rng: np.random.Generator, *shape: int) -> npt.NDArray[np.float64]:
    """Random numbers of this shape that sum to 0, the first of which is 0.

    They look like nothing to code that asks for a sum or a first entry where it means all.
    """
    numbers = rng.normal(size=shape)
    flat = numbers.reshape(-1)
    flat[0] = 0
    flat[-1] -= flat.sum()
    return numbers


def as_array(value: object, name: str = "", /, **axes: int) -> npt.NDArray[np.float64]:
    """Take what a function returned as an array of floats with these axes.

    Args:
        value: an array, a number, or lists of numbers.
        name: its name, if it is one of several parts: ``"weights"``.
        axes: the size of each axis, by the name that the lesson gives it: ``n_q=5, n_k=7``.
            None at all: a single number.

    Raises:
        Unfit: it holds something else than real numbers, or its shape is another.
    """
    shape = tuple(axes.values())
    expected = f"an array of shape ({_in_brackets(axes)}) = {shape}" if axes else "a single number"
    array = _numeric(value)
    if array is not None and array.shape == shape:
        return array.astype(np.float64)
    name = f"{name}: " if name else ""
    raise Unfit(name + _kind(value, array), name + expected)


def as_float_array(value: object, name: str = "", /, **axes: int) -> npt.NDArray[np.float64]:
    """The same for what must be float64: float32 holds too few digits for what comes later.

    Lists of Python's floats are float64, too. Write one such check for a function; elsewhere,
    :func:`as_array` lets the values count.

    Raises:
        Unfit: its numbers are of another type, or its shape is another.
    """
    array = as_array(value, name, **axes)
    if (kind := np.asarray(value).dtype) != np.float64:
        name = f"{name}: " if name else ""
        raise Unfit(f"{name}numbers of type {kind}", f"{name}numbers of type float64")
    return array


def as_parts(value: object, *names: str) -> Sequence[Any]:
    """Take what a function returned as a tuple or list with one part for each name.

    Raises:
        Unfit: it is something else, or has more parts, or fewer.
    """
    expected = f"a tuple of {len(names)} values: {', '.join(names)}"
    if not isinstance(value, tuple | list):
        raise Unfit(_kind(value, _numeric(value)), expected)
    if len(value) != len(names):
        count = f"{len(value)} value{'s' * (len(value) != 1)}"
        raise Unfit(f"a {type(value).__name__} of {count}", expected)
    return value


def parts_of(value: object) -> list[npt.NDArray[Any]]:
    """The arrays of real numbers in what a function returned: a tuple's parts, or the value itself.

    For checks that say something of the values whatever the form in which they come.
    """
    array = _numeric(value)
    is_table = array is not None and array.ndim < 3  # a table in lists is one part
    if isinstance(value, tuple) or (isinstance(value, list) and not is_table):
        return [part for part in map(_numeric, value) if part is not None]
    return [] if array is None else [array]


def find_part(value: object, name: str, /, **axes: int) -> npt.NDArray[np.float64]:
    """Take the part of what a function returned that has these axes, wherever it stands.

    See :func:`as_array`.

    Raises:
        Unfit: no part has this shape.
    """
    shape = tuple(axes.values())
    fitting = [part for part in parts_of(value) if part.shape == shape]
    return as_array(fitting[0] if fitting else value, name, **axes)


def is_close(value: object, expected: Any) -> bool:
    """Whether a value holds real numbers equal to the expected ones, in the same shape.

    Equal up to rounding (`RTOL`, `ATOL`). If a tuple is expected, a tuple or list with as many
    parts will do, each of which is compared.

    Raises:
        TypeError: what is expected is no numbers.
    """
    if isinstance(expected, tuple):
        return (
            isinstance(value, tuple | list)
            and len(value) == len(expected)
            and all(map(is_close, value, expected))
        )
    _must_be_numbers(expected, "is_close")
    array = _numeric(value)
    if array is None or array.shape != np.shape(expected):
        return False
    return all_close(array, np.asarray(expected))


def all_close(
    mine: npt.NDArray[Any],
    right: npt.NDArray[Any],
    *,
    atol: float = ATOL,
    equal_nan: bool = False,
) -> bool:
    """What ``np.allclose`` says with `RTOL`, in a fraction of its time.

    A check compares small arrays again and again, where most of numpy's time goes into other cases
    than finite floats.

    Args:
        mine: an array, of a shape that fits the other's.
        right: what it should be.
        atol: the absolute tolerance.
        equal_nan: whether nan equals nan.
    """
    if mine.dtype == right.dtype == np.float64:
        if mine.ndim == right.ndim == 0:
            one, other = mine.item(), right.item()
            if math.isfinite(other):
                return bool(abs(one - other) <= atol + RTOL * abs(other))
        elif np.isfinite(right).all():
            return bool((np.abs(mine - right) <= atol + RTOL * np.abs(right)).all())
    return bool(np.allclose(mine, right, rtol=RTOL, atol=atol, equal_nan=equal_nan))


def agree(one: object, other: object, *, equal_nan: bool = False) -> bool:
    """Whether two values that a student's functions returned are the same numbers.

    For laws that compare two calls: neither value need be right. Equal as in :func:`is_close`, in
    the same shape, part by part; False where either holds something else than numbers.

    Args:
        one: a value.
        other: another.
        equal_nan: whether nan equals nan.
    """
    if isinstance(one, tuple | list) and isinstance(other, tuple | list) and _numeric(one) is None:
        return len(one) == len(other) and all(
            agree(mine, its, equal_nan=equal_nan) for mine, its in zip(one, other, strict=True)
        )
    mine, others = _numeric(one), _numeric(other)
    if mine is None or others is None or mine.shape != others.shape:
        return False
    if np.array_equal(mine, others):  # quickly, however many there are
        return True
    return all_close(mine, others, equal_nan=equal_nan)


def differ(*values: object) -> bool:
    """Whether values that a function returned for different arguments are not all the same.

    A function that always returns the same passes many laws, and knows none of them.
    """
    return not all(agree(values[0], value, equal_nan=True) for value in values[1:])


def assert_close(
    actual: npt.ArrayLike,
    desired: npt.ArrayLike,
    *,
    why: str,
    of: str = "",
    beside: Mapping[str, npt.ArrayLike] | None = None,
) -> None:
    """Fail unless all numbers are equal up to rounding (`RTOL`, `ATOL`).

    In a visible check, both sides are shown to the student: so compare with what a law demands.

    Args:
        actual: computed from what the student's function returned.
        desired: what it should be, in the same shape, or one number for all.
        why: the reason, as the student reads it.
        of: what the numbers are, if they are not the returned ones themselves: ``"row sums"``.
        beside: more of what came back, worth a look: ``{"column sums": …}``.

    Raises:
        Unequal: they are not.
        TypeError: what is desired is no numbers.
    """
    _must_be_numbers(desired, "assert_close")
    mine, right = np.asarray(actual), np.asarray(desired)
    if right.ndim == 0:
        right = np.broadcast_to(right, mine.shape)
    if mine.shape != right.shape or not all_close(mine, right):
        raise Unequal(mine, right, why, of, beside or {})


def _must_be_numbers(expected: object, function: str) -> None:
    try:
        is_numbers = np.asarray(expected).dtype.kind in set("biufc")
    except ValueError:  # a list whose rows differ in length
        is_numbers = False
    if not is_numbers:
        what = "text" if isinstance(expected, str) else type(expected).__name__
        raise TypeError(
            f"{function} compares numbers, and the {what} expected here is none: for words and "
            "dicts, use `==`"
        )


def _numeric(value: object) -> npt.NDArray[Any] | None:
    """The value as an array of real numbers; None if it is none."""
    try:
        array = np.asarray(value)
    except ValueError:  # a list whose rows differ in length
        return None
    return array if array.dtype.kind in _REAL else None


def _in_brackets(axes: Mapping[str, int]) -> str:
    """The names of axes as a shape has them: ``n, d`` and ``n,``."""
    return ", ".join(axes) + "," * (len(axes) == 1)


def _kind(value: object, array: npt.NDArray[Any] | None) -> str:
    """What a value is; `array` is what it holds, if that is real numbers."""
    if array is not None and isinstance(value, tuple) and array.ndim > 1:
        count = f"{len(value)} value{'s' * (len(value) != 1)}"
        return f"a tuple of {count}, each of shape {array.shape[1:]}"
    if array is not None:
        return f"an array of shape {array.shape}" if array.shape else "a single number"
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} that is no array"
    if isinstance(value, dict):
        return "a dict"
    return "a text" if isinstance(value, str) else f"a value of type {type(value).__name__}"
