"""The ``student`` of a check: functions that look local and run in the sandbox."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    modified: Mapping[str, Any] = field(default_factory=dict)  # what these hold after the call

    @property
    def after(self) -> dict[str, Any]:
        """The arguments after the call, by parameter name, without those that are not plain now."""
        same = {name: it for name, it in self.arguments.items() if name not in self.changed}
        return same | dict(self.modified)


class Callee(Protocol):
    """Runs functions of a lesson: a session of the sandbox, or the reference."""

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        """Call a function. Raises a StudentFault if it does not return a plain value."""

    def value(self, name: str, *keys: str) -> Returned:
        """Read a value, or an entry of a dict. Raises a StudentFault if it is not plain."""


class Student:
    """The value of the fixture ``student``.

    ``student.double(x)`` runs the function and returns its value; ``student.call("double", x)``
    returns the whole :class:`Call`. Arguments are copied: whatever the student's code does to
    them, the check's own stay as they are; ``Call.changed`` names those it modified, ``Call.after``
    has what they hold then. ``student.value("LIMIT")`` reads what is no function,
    ``student.answer("ANSWERS", "why")`` a text in a dict. ``student.TooCold`` is the student's own
    class of exceptions, for ``pytest.raises`` and ``except``.
    """

    def __init__(self) -> None:
        self._callee: Callee
        self._reference: ModuleType
        self._errors: dict[str, type[Raised]] = {}  # the student's own, in the present check
        self.last_call: Call | None = None
        self.fault: StudentFault | None = None  # a timeout, crash or lack of memory
        self.our_error: Exception | None = None  # of the callee itself; ours, if it is a session
        self.is_calling = False  # a function of the student's is at work

    def begin_check(self, callee: Callee, reference: ModuleType) -> None:
        """Begin a check with these functions, and forget the calls of the last one."""
        self._callee = callee
        self._reference = reference
        self._errors.clear()
        self.last_call = self.fault = self.our_error = None

    def __getattr__(self, function: str) -> Callable[..., Any]:
        if function.startswith("_"):
            raise AttributeError(function)
        if self._is_error(function):
            return self._error_class(function)

        def call(*args: object, **kwargs: object) -> Any:
            return self.call(function, *args, **kwargs).value

        return call

    def call(self, function: str, *args: object, **kwargs: object) -> Call:
        """Call a function; return all that is known of the call."""
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
                self._recognise(fault)
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
            told = {
                key: names[key] if isinstance(key, int) and 0 <= key < len(names) else str(key)
                for key in returned.changed
            }
            call.changed = tuple(told.values())
            call.modified = {told[key]: value for key, value in (returned.after or {}).items()}
        return call

    def _is_error(self, name: str) -> bool:
        """Whether a name stands for a class of exceptions."""
        known = getattr(self._reference, name, None)
        if known is None:  # a student's copy need not define it
            return name[:1].isupper() and name.endswith(("Error", "Exception", "Warning"))
        return isinstance(known, type) and issubclass(known, BaseException)

    def _error_class(self, name: str) -> type[Raised]:
        """The class that stands for a student's class of exceptions in this check."""
        if name not in self._errors:
            self._errors[name] = type(name, (Raised,), {})
        return self._errors[name]

    def _recognise(self, fault: Raised) -> None:
        """Make an exception an instance of the student's own classes that it is one of."""
        if fault.own:
            own = tuple(self._error_class(name) for name in dict.fromkeys(fault.own))
            fault.__class__ = type(type(fault).__name__, (*own, type(fault)), {})

    def value(self, name: str, *keys: str) -> Any:
        """The value of a name in the lesson's file, or of an entry of a dict; None without one."""
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
    """Names for ``count`` positional arguments: those of the reference's parameters, if any."""
    known = tuple(inspect.signature(solution).parameters) if callable(solution) else ()
    return known[:count] + tuple(f"argument {n + 1}" for n in range(len(known), count))
