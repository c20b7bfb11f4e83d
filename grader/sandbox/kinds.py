"""Kinds of values that cross in parts and are put together again: a Fraction as two ints.

Both ends use this module. Each kind has an exact type; a class that a program derives from it is
another type. If the parts do not fit, putting them together raises ValueError or TypeError.
"""

from __future__ import annotations

import builtins
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import pathlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np

from grader.sandbox.tables import Sparse, Table, put_sparse_together, put_table_together

T = TypeVar("T")

_MAX_EXPONENT: Final = 9_999  # of a Decimal: with a larger one, `int` would take too long
_MAX_DIGITS: Final = 10_000
#: Python's own types, exceptions among them.
_TYPES: Final = {name: kind for name, kind in vars(builtins).items() if isinstance(kind, type)}
_MAX_NAME: Final = 200  # characters
_MAX_FIELDS: Final = 1_000
#: A path as a name. What comes from a program opens no file.
_Pure: Final = type(pathlib.PurePath())
_NUMBER: Final = re.compile(r"[+-]?\d+(E[+-]?\d{1,4})?|[+-]?(Infinity|NaN)")


class Fraction(fractions.Fraction):
    """A student's Fraction, which numpy takes as the number that it is."""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.array(float(self), dtype)


class Decimal(decimal.Decimal):
    """A student's Decimal, which numpy takes as the number that it is."""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.array(float(self), dtype)


class Record(tuple[Any, ...]):
    """A named tuple: a tuple whose parts have names, too. It equals any tuple of the same parts."""

    _type: str
    _fields: tuple[str, ...]

    @classmethod
    def of(cls, kind: str, fields: Sequence[str], values: Iterable[Any]) -> Record:
        """Make one.

        Args:
            kind: the name of its class.
            fields: the names of its parts.
            values: as many.
        """
        record = cls(values)
        record._type, record._fields = kind, tuple(fields)
        return record

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name not in self._fields:
            raise AttributeError(f"a {self._type} has no part `{name}`")
        return self[self._fields.index(name)]

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        parts = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"{self._type}({parts})"


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A member of a student's Enum.

    It equals the member of that name in an Enum of the same name, and, where its class is a number
    or a text as well (IntEnum, StrEnum), its value.
    """

    enum: str  # the name of its class
    name: str
    value: Any
    is_value: bool  # whether it is a number or a text itself

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Member):
            return (self.enum, self.name) == (other.enum, other.name)
        if isinstance(other, enum.Enum):
            return (self.enum, self.name) == (type(other).__name__, other.name)
        return self.is_value and bool(self.value == other)

    def __hash__(self) -> int:
        return hash(self.value if self.is_value else self.name)

    def __repr__(self) -> str:
        return f"<{self.enum}.{self.name}: {self.value!r}>"


@dataclass(frozen=True, slots=True)
class Ref:
    """Stands for an object of the student's, which stays in the worker."""

    number: int  # by which the worker knows it
    kind: str  # what messages call it: ``a Stack``
    has_content: bool  # whether it is a relative of a plain value, or a dataclass


#: The name of a function that stands for an iterator of a check's, and gives its next item.
NEXT: Final = "<next item>"


@dataclass(frozen=True, slots=True)
class Callback:
    """Stands for a function of a check's, which a student's program may call."""

    number: int  # by which the check knows it
    name: str


def member_of(member: enum.Enum) -> Member:
    """The record that crosses instead of a member of an Enum."""
    name = str(member) if member.name is None else str(member.name)
    is_value = isinstance(member, int | float | str | bytes)
    return Member(type(member).__name__, name, member.value, is_value)


def record_of(value: tuple[Any, ...], parts: Sequence[Any]) -> tuple[Any, ...]:
    """The value that crosses instead of a tuple: a record, if its class names the parts."""
    fields = getattr(type(value), "_fields", None)
    if type(value) is tuple or type(fields) is not tuple or len(fields) != len(parts):
        return tuple(parts)
    return Record.of(type(value).__name__, fields, parts)


def name_parts(value: Any) -> Any:
    """The same value, with records instead of named tuples and members of Enums."""
    if isinstance(value, enum.Enum):
        return member_of(value)
    if isinstance(value, tuple) and not isinstance(value, Record):
        return record_of(value, [name_parts(part) for part in value])
    if type(value) is list:
        return [name_parts(part) for part in value]
    if type(value) is dict:
        return {name_parts(key): name_parts(part) for key, part in value.items()}
    return value


def own_value(value: Any, names: Mapping[str, Any]) -> Any:
    """The program's own value for one that was put together for a check.

    Args:
        value: a number, path, record or member.
        names: the program's names, with its named tuples and Enums.
    """
    if isinstance(value, Fraction):
        return fractions.Fraction(value)
    if isinstance(value, Decimal):
        return decimal.Decimal(value)
    if type(value) is _Pure:
        return pathlib.Path(value)
    if isinstance(value, Record):
        kind = names.get(value._type)
        if isinstance(kind, type) and getattr(kind, "_fields", None) == value._fields:
            return kind(*value)
        return tuple(value)
    if isinstance(value, Member):
        kind = names.get(value.enum)
        if not (isinstance(kind, type) and issubclass(kind, enum.Enum)):
            return value.value
        return kind[value.name] if value.name in kind.__members__ else kind(value.value)
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of values that cross in parts."""

    type: type  # what is taken apart, and put together for a student
    take_apart: Callable[[Any], tuple[Any, ...]]
    put_together: Callable[..., Any]  # for a check


def _range(start: object, stop: object, step: object) -> range:
    return range(_exact(int, start), _exact(int, stop), _exact(int, step))


def _fraction(above: object, below: object) -> Fraction:
    if _exact(int, below) == 0:
        raise ValueError("a fraction of nothing")
    return Fraction(_exact(int, above), _exact(int, below))


def _parts_of_decimal(value: decimal.Decimal) -> tuple[str]:
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return ("-" * sign + ("Infinity" if value.is_infinite() else "NaN"),)
    if abs(exponent) > _MAX_EXPONENT or len(digits) > _MAX_DIGITS:
        raise ValueError("a Decimal that is too long")
    return ("-" * sign + "".join(map(str, digits)) + f"E{exponent}",)


def _decimal(text: object) -> Decimal:
    number = _exact(str, text)
    if len(number) > 2 * _MAX_DIGITS or not _NUMBER.fullmatch(number):
        raise ValueError("no number")
    return Decimal(number)


def _parts_of_day(day: dt.date) -> tuple[int, int, int]:
    return (day.year, day.month, day.day)


def _parts_of_time(time: dt.time) -> tuple[object, ...]:
    offset = time.utcoffset()  # of a time zone with rules, only what it is then
    seconds = None if offset is None else offset / dt.timedelta(seconds=1)
    return (time.hour, time.minute, time.second, time.microsecond, seconds, time.fold)


def _parts_of_moment(moment: dt.datetime) -> tuple[object, ...]:
    offset = moment.utcoffset()
    seconds = None if offset is None else offset / dt.timedelta(seconds=1)
    clock = (moment.hour, moment.minute, moment.second, moment.microsecond)
    return (*_parts_of_day(moment), *clock, seconds, moment.fold)


def _zone(seconds: object) -> dt.timezone | None:
    if seconds is None:
        return None
    return dt.timezone(dt.timedelta(seconds=_exact(float, seconds)))


def _day(*parts: object) -> dt.date:
    year, month, day = (_exact(int, part) for part in parts)
    return dt.date(year, month, day)


def _time(*parts: object) -> dt.time:
    *clock, zone, fold = parts
    hour, minute, second, micro = (_exact(int, part) for part in clock)
    return dt.time(hour, minute, second, micro, tzinfo=_zone(zone), fold=_exact(int, fold))


def _moment(year: object, month: object, day: object, *clock: object) -> dt.datetime:
    return dt.datetime.combine(_day(year, month, day), _time(*clock))


def _span(*parts: object) -> dt.timedelta:
    days, seconds, micro = (_exact(int, part) for part in parts)
    return dt.timedelta(days, seconds, micro)


def _record(kind: object, fields: object, values: object) -> Record:
    names = [_exact(str, name) for name in _exact(tuple, fields)]
    entries = _exact(tuple, values)
    if len(names) != len(entries) or len(set(names)) != len(names) or len(names) > _MAX_FIELDS:
        raise ValueError("parts without names")
    return Record.of(_exact(str, kind), names, entries)


def _member(kind: object, name: object, value: object, is_value: object) -> Member:
    return Member(_exact(str, kind), _exact(str, name), value, _exact(bool, is_value))


def _ref(number: object, kind: object, has_content: object) -> Ref:
    return Ref(_exact(int, number), _exact(str, kind)[:_MAX_NAME], _exact(bool, has_content))


def _callback(number: object, name: object) -> Callback:
    return Callback(_exact(int, number), _exact(str, name)[:_MAX_NAME])


def _parts_of_type(kind: type) -> tuple[str]:
    if _TYPES.get(kind.__name__) is not kind:
        raise LookupError("no type of Python's own")
    return (kind.__name__,)


def _type(name: object) -> type:
    return _TYPES[_exact(str, name)]


def _fields_of(value: Any) -> tuple[Any, ...]:
    return tuple(getattr(value, field.name) for field in dataclasses.fields(value))


#: All kinds. Their index is their code on the wire: append only.
KINDS: Final = (
    Kind(range, lambda value: (value.start, value.stop, value.step), _range),
    Kind(fractions.Fraction, lambda value: (value.numerator, value.denominator), _fraction),
    Kind(decimal.Decimal, _parts_of_decimal, _decimal),
    Kind(dt.date, _parts_of_day, _day),
    Kind(dt.time, _parts_of_time, _time),
    Kind(dt.datetime, _parts_of_moment, _moment),
    Kind(dt.timedelta, lambda value: (value.days, value.seconds, value.microseconds), _span),
    Kind(Record, lambda value: (value._type, value._fields, tuple(value)), _record),
    Kind(Member, lambda value: (value.enum, value.name, value.value, value.is_value), _member),
    Kind(Table, _fields_of, put_table_together),
    Kind(Sparse, _fields_of, put_sparse_together),
    Kind(Ref, _fields_of, _ref),
    Kind(Callback, _fields_of, _callback),
    Kind(slice, lambda value: (value.start, value.stop, value.step), slice),
    Kind(type, _parts_of_type, _type),
    Kind(type(pathlib.Path()), lambda value: (str(value),), lambda name: _Pure(_exact(str, name))),
)
CODES: Final = {kind.type: code for code, kind in enumerate(KINDS)} | {
    Fraction: 1, Decimal: 2, _Pure: len(KINDS) - 1,
}  # fmt: skip
#: Those that can be keys of a dict, or members of a set, if their parts can.
HASHABLE: Final = frozenset(CODES) - {Table, Sparse, Ref, Callback, slice}


def _exact(kind: type[T], value: object) -> T:
    if type(value) is not kind:
        raise TypeError(f"no {kind.__name__}")
    return value
