"""Turns values of types that are related to plain ones into plain values.

Only exact plain types cross the wire. A ``Counter``, a named tuple or a ``range`` has the same
values, so a function that returns one keeps its marks. Other values stay as they are and cannot
cross: those without an order (a set), those that can be read only once (a generator), and all that
are no numbers and no lists.
"""

from __future__ import annotations

import array
import collections
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np

from grader.sandbox import wire

_PLAIN: Final = (type(None), bool, int, float, complex, str, bytes)
_SEQUENCES: Final[tuple[type[Any], ...]] = (
    list, range, collections.deque, array.array,
    type({}.keys()), type({}.values()), type({}.items()),
)  # fmt: skip


def make_plain(value: Any, depth: int = 0) -> Any:
    """The same value in plain types; if there is none, the value itself.

    Args:
        value: of any type. Its methods may run, since this is the student's own process.
        depth: how deep it is nested in another value.
    """
    kind = type(value)
    if kind in _PLAIN or depth > wire.MAX_DEPTH:
        return value
    if isinstance(value, np.str_ | np.bytes_):
        return value.item()
    if isinstance(value, dict):
        return {_plain_key(key): make_plain(item, depth + 1) for key, item in dict.items(value)}
    if isinstance(value, tuple):
        return tuple(make_plain(item, depth + 1) for item in tuple.__iter__(value))
    if isinstance(value, _SEQUENCES):
        return [make_plain(item, depth + 1) for item in value]
    if isinstance(value, collections.UserDict | collections.UserList | collections.UserString):
        return make_plain(value.data, depth + 1)
    if isinstance(value, bytearray):
        return bytes(value)
    return float(value) if isinstance(value, Decimal | Fraction) else value


def _plain_key(key: Any) -> Any:
    return key.item() if isinstance(key, np.generic) else make_plain(key)
