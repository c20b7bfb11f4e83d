"""The ``student`` of a check: functions that look local and run in the sandbox."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, Protocol

from grader.sandbox import wire
from grader.sandbox.faults import (
    Raised,
    StudentFault,
    Unanswered,
    WrongReturn,
    WrongValue,
)
from grader.sandbox.replies import Returned


@dataclass(slots=True)
class Call:
    """One call of a student's function, as a check made it."""

    function: str
    arguments: Mapping[str, Any]  # by parameter name
    value: Any = None
    changed: tuple[str, ...] = ()  # names of the arguments that the function modified in place
    raised: Raised | None = None  # in place of a value


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
        self.our_error: Exception | None = None  # of the callee itself; ours, if it is a session
        self.is_calling = False  # a function of the student's is at work

    def begin_check(self, callee: Callee, reference: ModuleType) -> None:
        """Start a check: call these functions from now on, and forget the last check's calls."""
        self._callee = callee
        self._reference = reference
        self.last_call = self.fault = self.our_error = None

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
        self.is_calling = True
        try:
            returned = self._callee.call(function, *args, **kwargs)
        except StudentFault as fault:
            if not isinstance(fault, Raised):  # an exception may be what the check expects
                self.fault = fault  # stays the verdict, even if the check catches it
            else:
                call.raised = fault
            raise
        except wire.Unsendable:  # the check's
            raise
        except Exception as error:
            self.our_error = error
            raise
        finally:
            self.is_calling = False
        call.value = returned.value
        if returned.changed:
            call.changed = tuple(
                names[key] if isinstance(key, int) and 0 <= key < len(names) else str(key)
                for key in returned.changed
            )
        return call

    def value(self, name: str, *keys: str) -> Any:
        """What the lesson's file calls `name`, or what that dict holds; None if nothing."""
        self.is_calling = True
        try:
            return self._callee.value(name, *keys).value
        finally:
            self.is_calling = False

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
