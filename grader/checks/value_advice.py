"""Explains to beginners why a value of another kind came back, or none in time."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

import numpy as np

#: Values that a function must not return, by their names in messages, and what was meant.
_ON_RETURN: Final = (
    ("a (function|builtin_function_or_method|method|ufunc)", "brackets call a function: `f(x)`"),
    ("a set", "a set has no order; a list has one: [ … ]"),
    (
        "a generator",
        "`yield`, or `( … for … )`, makes a generator; `return` hands over a value, and `list(…)` "
        "makes a list of it",
    ),
    ("a (map|zip|filter|reversed|list_iterator)", "`list(…)` makes a list of it"),
    ("an? .*(Error|Exception)", "an exception is raised, not returned: `raise ValueError(…)`"),
    ("a type", "a class comes back; `raise ValueError(…)` raises an exception"),
    ("an array of dtype object", "its rows have different lengths, or it holds no numbers"),
    ("an ellipsis", "`...` still stands in the place of the answer"),
)

#: What to do with any other value that cannot be sent.
_ANY_OBJECT: Final = "an object of this kind is not compared with numbers; return the numbers in it"


def on_return(words: str) -> str | None:
    """What to return instead of a value that cannot be sent; None if we do not know."""
    return on_object(words) or (_ANY_OBJECT if re.fullmatch(r"an? \w+", words) else None)


def on_object(words: str) -> str | None:
    """What to return instead of an object that is no answer to anything; None for any other."""
    return next((said for kind, said in _ON_RETURN if re.fullmatch(kind, words)), None)


#: Kinds of values that came back and were expected, and how to make the one from the other.
_ON_KIND: Final = (
    (r"a text", ".*", "quotes, `str(…)` or a list of words made a text; return the number itself"),
    (
        r".*array of shape \((1|1,|(1, )+1)\)",
        ".*single number",
        "`.item()` takes one number out of it",
    ),
    (
        "a tuple of 1 value.*",
        ".*single number",
        "one value came back in a tuple: `np.where` gives one for each axis, and a comma at the "
        "end of `return …,` makes one, too; `[0]` takes it out",
    ),
    (
        r"a (tuple|list) of \d+ values?.*",
        ".*single number",
        "several values came back, and one is due; a comma makes a pair of two values",
    ),
    (
        "an array of shape .*",
        ".*single number",
        "several numbers came back, and one is due: which is it, or what do they make together?",
    ),
    (
        "a single number",
        "an array of shape .*",
        "one number came back for everything; `sum`, `max` and the like give one where no `axis` "
        "is named",
    ),
    (
        "a tuple of 1 value.*",
        "an array of shape .*",
        "a comma at the end of `return …,` makes a tuple with one value in it",
    ),
    (
        r"a tuple of \d+ values.*",
        "an array of shape .*",
        "several values came back, and one array is due: which is it?",
    ),
    (
        r"a (tuple|list) of \d+ values?",
        ".*values: .*",
        "`return a, b` gives back each one, in order",
    ),
    (
        r"(.*: )?numbers of type float(16|32)",
        ".*float64",
        "such floats hold fewer digits; Python's own, and `dtype=float`, are float64",
    ),
    (
        r"(.*: )?numbers of type u?int.*",
        ".*float64",
        "whole numbers came back; `np.asarray(…, dtype=float)` makes floats of them",
    ),
    (r"a dict", ".*values: .*", "`return a, b` gives back several values, in order"),
)


def on_kind(got: str, expected: str) -> str | None:
    """How to make the expected kind of value from the one that came back; None if unknown."""
    for kind, due, sentence in _ON_KIND:
        if re.fullmatch(kind, got) and re.fullmatch(due, expected):
            return sentence
    return None


def on_shape(got: str, expected: str, arguments: Mapping[str, object]) -> str | None:
    """Where a shape may come from, in the place of another one; None if unknown.

    Args:
        got: the words for what came back.
        expected: the words for what should have come back.
        arguments: of the call, by name.
    """
    shape, due = _shape_in(got), _shape_in(expected)
    if not shape or not due or shape == due:
        return None
    names = [
        name
        for name, value in arguments.items()
        if isinstance(value, np.ndarray) and value.shape == shape
    ]
    if names:
        return (
            f"`{names[0]}` has this shape, and {due} is due: is a step missing, is there one too "
            "many, or was the result made as large as that?"
        )
    if len(due) > 1 and shape == (math.prod(due),):
        return "as many numbers as are due, in one row: each row of the result is a list of its own"
    if len(shape) > len(due) and _without_ones(shape) == _without_ones(due):
        return "the shape has an axis of size 1 too many: which step put it there?"
    if len(shape) < len(due) and any(
        shape == due[:axis] + due[axis + 1 :] for axis in range(len(due))
    ):
        return "an axis is gone: did a `sum`, a `max` or an index take it away?"
    return None


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)


def _shape_in(words: str) -> tuple[int, ...] | None:
    """The shape that is told last in a description of a value."""
    shapes = re.findall(r"\(((?:\d+, ?)*\d+,?)\)", words)
    return tuple(map(int, re.findall(r"\d+", shapes[-1]))) if shapes else None


#: What nan means, where a number is due.
ON_NAN: Final = "0 / 0, inf - inf and 0 * inf give nan: print what goes into your last steps"

#: What to look at when a call took too long.
ON_TIME: Final = (
    "does every loop come to its end? And does numpy have a function that does without the loop?"
)
