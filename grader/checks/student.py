"""The ``student`` of a check: functions that look local and run in the sandbox."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from grader.sandbox import wire
from grader.sandbox.faults import (
    MissingFunction,
    Raised,
    StudentFault,
    Unanswered,
    WrongReturn,
    WrongValue,
)
from grader.sandbox.replies import Returned
from grader.sandbox.session import encode_call, encode_value

#: Gives another value in the place of a right one: :func:`blur` or :func:`unlike`.
Blur = Callable[[Any], Any]


@dataclass(slots=True)
class Call:
    """One call of a student's function, as a check made it."""

    function: str
    arguments: Mapping[str, Any]  # by parameter name
    value: Any = None
    changed: tuple[str, ...] = ()  # names of the arguments that the function modified in place


class Callee(Protocol):
    """Something that runs a function of a lesson: the sandbox, or the reference."""

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        """Run it. Raises a StudentFault when it yields no plain value."""

    def value(self, name: str, *keys: str) -> Returned:
        """Read a value, or what a dict holds. Raises a StudentFault when it is not plain."""


class Student:
    """What the fixture ``student`` gives to a check.

    ``student.double(x)`` runs the function and returns its value; ``student.call("double", x)``
    returns the whole :class:`Call`. Arguments are copied: whatever the student's code does to
    them, the check's own stay as they are, and ``Call.changed`` names those it modified.
    ``student.value("LIMIT")`` reads what is no function, ``student.answer("ANSWERS", "why")`` a
    text in a dict.
    """

    def __init__(self) -> None:
        self._callee: Callee
        self._reference: ModuleType
        self.last_call: Call | None = None
        self.fault: StudentFault | None = None  # a timeout, crash or lack of memory
        self.slip: Exception | None = None  # of the callee itself; ours, if that is a session
        self.is_away = False  # a function is being called

    def become(self, callee: Callee, reference: ModuleType) -> None:
        """Stand for another lesson or student, or start the next check of the same one."""
        self._callee = callee
        self._reference = reference
        self.last_call = self.fault = self.slip = None

    def __getattr__(self, function: str) -> Callable[..., Any]:
        if function.startswith("_"):
            raise AttributeError(function)

        def call(*args: object, **kwargs: object) -> Any:
            return self.call(function, *args, **kwargs).value

        return call

    def call(self, function: str, *args: object, **kwargs: object) -> Call:
        """Run a function and tell all about it."""
        names = _parameters(getattr(self._reference, function, None), len(args))
        arguments = dict(zip(names, args, strict=True)) | kwargs
        self.last_call = call = Call(function, arguments)
        self.is_away = True
        try:
            returned = self._callee.call(function, *args, **kwargs)
        except StudentFault as fault:
            if not isinstance(fault, Raised):  # an exception may be what the check expects
                self.fault = fault  # stays the verdict, even if the check catches it
            raise
        except wire.Unsendable:  # the check's
            raise
        except Exception as error:
            self.slip = error
            raise
        finally:
            self.is_away = False
        call.value = returned.value
        if returned.changed:
            call.changed = tuple(
                names[key] if isinstance(key, int) and 0 <= key < len(names) else str(key)
                for key in returned.changed
            )
        return call

    def value(self, name: str, *keys: str) -> Any:
        """What the lesson's file calls `name`, or what that dict holds; None if nothing."""
        self.is_away = True
        try:
            return self._callee.value(name, *keys).value
        finally:
            self.is_away = False

    def answer(self, table: str, question: str) -> str:
        """The text in a dict of answers, without the blanks around it.

        Raises:
            Unanswered: there is none yet, which makes the check ``not_attempted``.
            WrongValue: it is no text.
        """
        place = f'{table}["{question}"]'
        try:
            found = self.value(table, question)
        except WrongReturn as fault:
            raise WrongValue(f"{place} must be a text in quotes, found {fault}") from None
        if not isinstance(found, str | None):
            kind = wire.describe_type(type(found))
            raise WrongValue(f"{place} must be a text in quotes, found {kind}")
        if not (text := (found or "").strip()):
            raise Unanswered(f"{place} is still empty")
        return text


@cache
def _parameters(solution: object, count: int) -> tuple[str, ...]:
    """Names for ``count`` positional arguments: the reference's, as far as it has that many."""
    known = tuple(inspect.signature(solution).parameters) if callable(solution) else ()
    return known[:count] + tuple(f"argument {n + 1}" for n in range(len(known), count))


class ReferenceCallee:
    """The reference in the student's place: what a check must accept if it is sound."""

    def __init__(self, reference: ModuleType, blurred: Blur | None = None) -> None:
        self.reference = reference
        self.blurred = blurred  # what is given in the place of the right values, if not they
        self.calls: list[bytes] = []  # what was called, as a session would send it
        self.functions: list[str] = []  # their names

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        """Call the reference; its arguments and value go over the wire as a student's do.

        Raises:
            Unsendable: an argument or the value is not plain.
        """
        solution = getattr(self.reference, function, None)
        if not callable(solution):
            raise MissingFunction("there is no such function")
        request = encode_call(function, args, kwargs)
        self.calls.append(request)
        self.functions.append(function)
        _, _, positional, named = wire.decode(request)
        value = wire.decode(wire.encode(solution(*positional, **named)))
        if self.blurred:
            value = self.blurred(value)
        pairs: list[tuple[int | str, object, object]] = [
            *zip(range(len(args)), args, positional, strict=True),
            *((name, kwargs[name], named[name]) for name in kwargs),
        ]
        changed = tuple(key for key, old, new in pairs if wire.encode(old) != wire.encode(new))
        return Returned(value, changed)

    def value(self, name: str, *keys: str) -> Returned:
        """Read from the reference."""
        self.calls.append(encode_value(name, keys))
        found = getattr(self.reference, name, None)
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        value = wire.decode(wire.encode(found))
        return Returned(self.blurred(value) if self.blurred else value, ())


class Unblurred(Exception):
    """A value of which there is no other to be had: a text, nothing at all."""


def blur(value: Any) -> Any:
    """Another value: of a float, one that no tolerance tells from it; the next whole number.

    Raises:
        Unblurred: it is of another type.
    """
    if isinstance(value, list | tuple):
        return type(value)(blur(part) for part in value)
    kind = value.dtype.kind if isinstance(value, np.ndarray | np.generic) else ""
    if kind in {"f", "c"} or type(value) in {float, complex}:
        return value * (1 + 1e-13) + 1e-300
    if kind in {"i", "u"} or type(value) is int:
        return value + 1
    if kind == "b" or type(value) is bool:
        return value ^ True
    raise Unblurred


def unlike(value: Any) -> Any:
    """A value of the same form in which nothing is where it was: what is rounded shows it, too.

    Raises:
        Unblurred: it is of another type.
    """
    if isinstance(value, list | tuple):
        return type(value)(unlike(part) for part in value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "fciu":
        return np.flip(value) * 3 + 2
    if isinstance(value, np.ndarray | np.generic) or type(value) not in {float, complex, int}:
        return blur(value)
    return value * 3 + 2


class BlurredReference:
    """The reference's functions, with other values than the right ones."""

    def __init__(self, reference: ModuleType, blurred: Blur) -> None:
        self._reference = reference
        self._blurred = blurred

    def __getattr__(self, function: str) -> Any:
        solution = getattr(self._reference, function)
        if not callable(solution):
            return self._blurred(solution)

        def call(*args: object, **kwargs: object) -> Any:
            return self._blurred(solution(*args, **kwargs))

        return call


@contextmanager
def quiet() -> Iterator[None]:
    """Run a reference or a known-wrong version without its warnings: some of it is to overflow."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
