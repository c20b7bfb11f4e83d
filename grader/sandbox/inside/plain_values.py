"""Turns values of types that are related to plain ones into plain values.

Only exact types cross the wire. A ``Counter``, a ``deque`` or a ``UserDict`` has the same values,
so a function that returns one keeps its marks. Other values stay as they are and cannot cross:
those that can be read only once (a generator), and all that are no numbers and no lists.
"""

from __future__ import annotations

import array
import collections
import datetime as dt
import enum
from typing import Any, Final

import numpy as np

from grader.sandbox import wire
from grader.sandbox.kinds import member_of, record_of

_PLAIN: Final = (type(None), bool, int, float, complex, str, bytes)
_DAYS: Final = (dt.date, dt.datetime, dt.time, dt.timedelta)
_SEQUENCES: Final[tuple[type[Any], ...]] = (
    list, collections.deque, array.array,
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
    if isinstance(value, enum.Enum):
        return member_of(value)
    if isinstance(value, tuple):
        return record_of(value, [make_plain(item, depth + 1) for item in tuple.__iter__(value)])
    if kind is set or kind is frozenset:
        return kind(_plain_key(item) for item in value)
    if isinstance(value, _DAYS) and kind not in _DAYS:
        return _of_base(value)
    if isinstance(value, _SEQUENCES):
        return [make_plain(item, depth + 1) for item in value]
    if isinstance(value, collections.UserDict | collections.UserList | collections.UserString):
        return make_plain(value.data, depth + 1)
    if isinstance(value, bytearray):
        return bytes(value)
    return value


def _of_base(moment: Any) -> Any:
    """A date or time of a derived class, a Timestamp of pandas say, as one of Python's own."""
    if isinstance(moment, dt.timedelta):
        return dt.timedelta(moment.days, moment.seconds, moment.microseconds)
    if isinstance(moment, dt.time):
        return _clock(moment)
    day = dt.date(moment.year, moment.month, moment.day)
    return dt.datetime.combine(day, _clock(moment)) if isinstance(moment, dt.datetime) else day


def _clock(time: Any) -> dt.time:
    parts = (time.hour, time.minute, time.second, time.microsecond)
    return dt.time(*parts, tzinfo=time.tzinfo, fold=time.fold)


def _plain_key(key: Any) -> Any:
    return key.item() if isinstance(key, np.number | np.bool_) else make_plain(key)
