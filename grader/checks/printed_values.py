"""Values compared with the text in which Python or numpy shows them, as examples in docstrings do.

``[0.5, 0.5]``, ``array([0.5, 0.5])`` and ``[np.float64(0.5), np.float64(0.5)]`` show the same
numbers. So the text is read as a value, and the values are compared. Text that is no value, such as
lines that were printed, is compared word by word, and its numbers as numbers.
"""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from grader.checks.descriptions import numeric
from grader.testing import ATOL, all_close

#: Digits behind the point from which a rounded number may be off by one in the last of them:
#: rounding errors decide whether 0.125 becomes 0.12 or 0.13. Fewer would hide mistakes.
_LEAST_DIGITS: Final = 2

_NUMBER: Final = re.compile(
    r"(?<![\w.])[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+|inf|nan)(?!\w)", re.IGNORECASE
)
#: Calls that show a single value or an array: `np.float64(1.0)`, `array([1, 2], dtype=int8)`.
_SHOWS_ONE: Final = re.compile(r"(float|int|uint|complex|longdouble|longlong|bool_?|str_)\d*")
_CONSTANTS: Final[Mapping[str, object]] = {
    "nan": np.nan, "inf": np.inf, "True_": True, "False_": False,
}  # fmt: skip
_ROUNDS: Final = frozenset({"round", "around", "round_"})


class NoValue(Exception):
    """The text does not show a plain value."""


def read_value(text: str) -> Any:
    """The plain value that a text shows; an array as numpy shows it is an array again.

    Raises:
        NoValue: it shows something else.
    """
    try:
        return _read(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError) as error:
        raise NoValue(text) from error


def _read(node: ast.expr) -> Any:
    match node:
        case ast.Constant() if node.value is not Ellipsis:
            return node.value
        case ast.List():
            return [_read(part) for part in node.elts]
        case ast.Tuple():
            return tuple(_read(part) for part in node.elts)
        case ast.Set():
            return {_read(part) for part in node.elts}
        case ast.Dict() if None not in node.keys:
            keys = [_read(key) for key in node.keys if key is not None]
            return dict(zip(keys, map(_read, node.values), strict=True))
        case ast.UnaryOp(op=ast.USub()):
            return -_read(node.operand)
        case ast.BinOp(op=ast.Add()):  # 1+2j
            return _read(node.left) + _read(node.right)
        case ast.BinOp(op=ast.Sub()):
            return _read(node.left) - _read(node.right)
        case ast.Name() | ast.Attribute() if _last_name(node) in _CONSTANTS:
            return _CONSTANTS[_last_name(node)]
        case ast.Call(func=called, args=[shown, *_]) if _last_name(called) == "array":
            return np.array(_read(shown))
        case ast.Call(func=called, args=[shown]) if _SHOWS_ONE.fullmatch(_last_name(called)):
            return _read(shown)
    raise ValueError(ast.dump(node))


def _last_name(node: ast.expr) -> str:
    """``nan`` of ``nan``, ``np.nan`` and ``numpy.nan``; empty for what is no name of numpy's."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr if node.value.id in {"np", "numpy"} else ""
    return node.id if isinstance(node, ast.Name) else ""


def agrees(value: object, shown: Any, off: float = 0.0) -> bool:
    """Whether a value is the one that was shown, up to rounding.

    A list, a tuple and an array may stand for each other; a single number may be of any type.

    Args:
        value: plain.
        shown: see :func:`read_value`.
        off: by how much a number may be off beside what rounding errors cost.
    """
    if isinstance(shown, np.ndarray):
        mine = numeric(value)
        return mine is not None and mine.shape == shown.shape and _all_close(mine, shown, off)
    if isinstance(shown, list | tuple):
        is_sequence = isinstance(value, list | tuple) or (
            isinstance(value, np.ndarray) and value.ndim > 0
        )
        return (
            is_sequence
            and len(value) == len(shown)  # type: ignore[arg-type]  # checked above
            and all(agrees(mine, its, off) for mine, its in zip(value, shown, strict=True))  # type: ignore[call-overload]
        )
    if isinstance(shown, dict):
        return (
            isinstance(value, dict)
            and value.keys() == shown.keys()
            and all(agrees(value[key], its, off) for key, its in shown.items())
        )
    if isinstance(shown, bool):
        return isinstance(value, bool | np.bool_) and bool(value) == shown
    if isinstance(shown, int | float | complex):
        mine = None if isinstance(value, str | bytes | bool | list | tuple) else numeric(value)
        return mine is not None and not mine.shape and _all_close(mine, np.asarray(shown), off)
    return type(value) is type(shown) and value == shown


def _all_close(mine: np.ndarray, shown: np.ndarray, off: float) -> bool:
    if "b" in (mine.dtype.kind, shown.dtype.kind):
        return mine.dtype == shown.dtype and bool((mine == shown).all())
    if shown.dtype.kind not in "iufc":
        return False
    return all_close(mine, shown, atol=ATOL + off, equal_nan=True)


def same_text(text: str, shown: str, options: int = 0) -> bool:
    """Whether a text is the one that was shown: word by word, but numbers as numbers.

    Args:
        text: what is there.
        shown: what should be.
        options: flags of :mod:`doctest`. The amount of white space never counts.
    """
    options |= doctest.NORMALIZE_WHITESPACE
    if doctest.OutputChecker().check_output(shown, text, options):
        return True
    shown = shown.replace(doctest.BLANKLINE_MARKER, "")
    words, its_words = (_NUMBER.split(line) for line in (text, shown))
    if [between.split() for between in words] != [between.split() for between in its_words]:
        return False
    numbers, its_numbers = (_NUMBER.findall(line) for line in (text, shown))
    off = one_off(max((len(number.partition(".")[2]) for number in its_numbers), default=0))
    return all(
        agrees(float(mine), float(its), off if "." in mine and "." in its else 0.0)
        for mine, its in zip(numbers, its_numbers, strict=True)
    )


def one_off(digits: int) -> float:
    """One in the last of so many digits, if a number that was rounded to them may be off by it."""
    return 1.0000001 * 10.0**-digits if digits >= _LEAST_DIGITS else 0.0


def digits_kept(source: str) -> int:
    """To how many digits a piece of code rounds what it shows, at least; 0 if it does not."""
    places: list[int] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _called(node.func) in _ROUNDS:
            arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
            places += [
                argument.value
                for argument in arguments
                if isinstance(argument, ast.Constant) and isinstance(argument.value, int)
            ]
    return min(places, default=0)


def _called(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
