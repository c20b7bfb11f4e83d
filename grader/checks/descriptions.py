"""Descriptions of values and calls for students: shapes and kinds, and numbers if allowed."""

from __future__ import annotations

import re
import reprlib
from typing import Any, Final

import numpy as np

from grader.checks.handles import Handle, kind_of
from grader.checks.student import Call
from grader.sandbox.faults import WrongReturn
from grader.text import clean

MAX_NUMBERS: Final = 12  # an array with more numbers is not shown
_MAX_INPUT: Final = 20  # the same for the argument of a visible check
_MAX_PARTS: Final = 3  # parts of a tuple that are described one by one
_MAX_BITS: Final = 64  # an int with more bits is not shown
_MAX_ROWS: Final = 6  # a matrix with more rows is shown on one line
_MAX_WIDTH: Final = 68  # characters of such a row
_MAX_LINE: Final = 80  # characters of a call
DIGITS: Final = 4


def describe_call(call: Call, *, hidden: bool = False) -> str:
    """``double(x, axis=1)    x: (3, 5) float64``; if hidden, ``axis: an int`` like any other."""
    shown: list[str] = []
    shapes: list[str] = []
    for name, value in call.arguments.items():
        if isinstance(value, int | np.integer) and not isinstance(value, bool) and not hidden:
            shown.append(f"{name}={value}")
        else:
            shown.append(name)
            shapes.append(f"{name}: {describe_value(value, hidden=hidden)}")
    called = f"{call.function}({', '.join(shown)})" if call.is_call else call.function
    one_line = f"{called}    {', '.join(shapes)}".rstrip()
    if len(one_line) <= _MAX_LINE:
        return one_line
    lines = [called]
    for shape in shapes:
        joined = f"{lines[-1]}, {shape}"
        if len(lines) == 1 or len(joined) > _MAX_LINE:
            lines.append(shape)
        else:
            lines[-1] = joined
    return "\n".join(lines)


def show_arguments(call: Call) -> str:
    """``x = [1. 1.]``: the arguments that are short, so that a student can try them."""
    shown: list[str] = []
    for name, value in call.arguments.items():
        if isinstance(value, np.ndarray) or (
            isinstance(value, list) and numeric(value) is not None
        ):
            if 0 < np.size(value) <= _MAX_INPUT:
                shown.append(f"{name} = {show_numbers(value, _MAX_INPUT, prefix=f'{name} = ')}")
        elif text := show_contents(value):
            shown.append(f"{name} = {text}")
    return ("\n" if any("\n" in text for text in shown) else ", ").join(shown)


class ShortWords(reprlib.Repr):
    """Values as Python writes them, cut."""

    def repr_int(self, x: int, level: int) -> str:
        """A number, or how long it is."""
        return repr(x) if x.bit_length() <= _MAX_BITS else describe_value(x)

    def repr_ndarray(self, x: np.ndarray, level: int) -> str:
        """An array in one line."""
        return re.sub(r"\s+", " ", show_numbers(x))


def show_contents(value: object) -> str:
    """``['a', 'b']``: a list, tuple or dict without arrays, cut; empty for any other value."""
    if not isinstance(value, list | tuple | dict) or not value:
        return ""
    parts = value.values() if isinstance(value, dict) else value
    if any(isinstance(part, np.ndarray) for part in parts):  # its shape says more
        return ""
    return clean(ShortWords().repr(value), limit=_MAX_LINE)


def describe_value(value: object, *, parts_too: bool = True, hidden: bool = False) -> str:
    """Tell what a value is without its numbers: ``(3, 5) float64``, ``a tuple of 2 values``.

    Args:
        value: a plain value, as the sandbox returns it.
        parts_too: describe the parts of a short tuple as well.
        hidden: describe only the kind of a number or text, because it may be a hidden input.
    """
    if isinstance(value, Handle):
        return clean(kind_of(value), limit=_MAX_LINE)
    if isinstance(value, np.ndarray):
        strange = 0 if value.dtype.kind not in "fc" else int(np.sum(~np.isfinite(value)))
        about = f", {strange} of {value.size} numbers nan or infinite" if strange else ""
        return f"{value.shape} {value.dtype}{about}"
    if value is None:
        return "None"
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if hidden and isinstance(value, int | float | complex | np.number):
        kind = type(value).__name__
        return f"a{'n' * kind.startswith(('i', 'u'))} {kind}{_how_strange(value)}"
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        return f"an int of {value.bit_length():,} bits"
    if isinstance(value, (int, float, complex, np.number)) and not isinstance(
        value, np.timedelta64
    ):
        # A float is told from a whole number: a weight of 1.0 is no index.
        digits = f"{value:.{DIGITS}g}"
        is_whole = isinstance(value, int | np.integer | complex) or not digits.lstrip("-").isdigit()
        return f"the number {digits}" if is_whole else f"the number {digits}.0"
    if isinstance(value, tuple | list | dict):
        parts = ""
        if parts_too and isinstance(value, tuple) and 0 < len(value) <= _MAX_PARTS:
            described = (describe_value(part, parts_too=False, hidden=hidden) for part in value)
            parts = ": " + ", ".join(described)
        count = f"{len(value)} value{'s' * (len(value) != 1)}"
        return f"a {type(value).__name__} of {count}{parts}"
    if isinstance(value, str):
        return "a text" if hidden else f"the text {clean(repr(value), limit=40)}"
    return f"a {type(value).__name__}"


def _how_strange(value: complex | np.number[Any]) -> str:
    return "" if isinstance(value, int) or np.isfinite(value) else ", nan or infinite"


def show_numbers(
    value: object, limit: int = MAX_NUMBERS, *, prefix: str = "", digits: int = DIGITS
) -> str:
    """The numbers of a small array, rounded, with the rows of a matrix below each other.

    Args:
        value: a larger array, or anything else, is described by its shape or kind.
        limit: the most numbers of a small array.
        prefix: the text before it, in the same line.
        digits: behind the point.
    """
    array = numeric(value)
    if array is None:
        return describe_value(value)
    if array.size > limit:
        return describe_value(array)
    rows = np.array2string(
        array, precision=digits, separator=" ", prefix=prefix, max_line_width=_MAX_WIDTH
    )
    if array.ndim == 2 and rows.count("\n") < _MAX_ROWS:
        return rows
    return re.sub(r"\s*\n\s*", " ", rows)


def describe_shape(value: object) -> str:
    """``shape (3, 5)``, ``a single number``, ``2 parts: shape (5, 4), shape (5, 7)``."""
    if isinstance(value, tuple | list) and not is_plain_list(value):
        shapes = ", ".join(describe_shape(part) for part in value[:_MAX_PARTS])
        return f"{len(value)} parts: {shapes}"
    array = numeric(value)
    if array is None:
        return f"a {type(value).__name__}"  # its text would be an answer
    return f"shape {array.shape}" if array.shape else "a single number"


def numeric(value: object) -> np.ndarray | None:
    """A value as an array of real or complex numbers; None if it is no such array."""
    try:
        array = np.asarray(value)
    except (ValueError, WrongReturn):  # rows of different lengths; an object of the student's
        return None
    return array if array.dtype.kind in "biufc" else None


def is_plain_list(value: object) -> bool:
    """Whether the value is a list without arrays."""
    return isinstance(value, list) and not any(isinstance(part, np.ndarray) for part in value)
