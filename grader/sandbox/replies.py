"""Reading a worker's replies.

A student's program can write to the worker's channel itself, and can find the token of the
request in the worker's memory. So a reply may say anything: each part is checked here, and what
does not fit is a crash of that program, never an error of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeVar

from grader.sandbox import wire
from grader.sandbox.faults import (
    Crashed,
    MissingFunction,
    OutOfMemory,
    Place,
    Raised,
    StudentFault,
    WrongReturn,
    raised,
)

T = TypeVar("T")

_MAX_NAME: Final = 200
_MAX_TEXT: Final = 1_000
_MAX_LINE: Final = 10**9
_MAX_CHANGED: Final = 64
_MAX_POSITION: Final = 1_000  # of an argument; Python refuses to write out far larger numbers


@dataclass(frozen=True, slots=True)
class Loaded:
    """The lesson was imported; in a notebook, cells may have failed on the way."""

    cell_error: Raised | None
    replies: tuple[bytes, ...]  # to the foreseen calls; still encoded, and nothing to be trusted


@dataclass(slots=True)
class Returned:
    """What came back from one call of a student's function."""

    value: Any
    changed: tuple[int | str, ...]  # arguments modified in place, by position or keyword


def forged() -> Crashed:
    """What a program gets whose worker sent no answer, or one that no worker gives."""
    return Crashed("the program broke the connection on which its answers are sent")


def interpret(reply: bytes) -> Loaded | Returned | StudentFault:
    """Decode a reply and turn it into what it stands for; nonsense becomes :func:`forged`."""
    try:
        kind, *details = _a(tuple, wire.decode(reply)) or (None,)
        match (_a(str, kind), *details):  # a string first: an array would compare itself
            case ("loaded", errors, replies):
                first = _a(list, errors)[:1]
                error = _exception(first[0]) if first else None
                return Loaded(error, tuple(_a(bytes, reply) for reply in _a(list, replies)))
            case ("ok", value, changed):
                return Returned(value, _keys(changed))
            case ("raised", described):
                return _exception(described)
            case ("missing", None):
                return MissingFunction("there is no such function")
            case ("missing", what):
                return MissingFunction(f"it is {_words(what)}, not a function")
            case ("unsendable", what):
                return WrongReturn(_words(what))
            case ("out_of_memory",):
                return OutOfMemory("it needed more memory than it may have")
    except (_Misfit, wire.WireError):
        pass  # falls through to the same verdict as an unknown kind
    return forged()


class _Misfit(Exception):
    """A part of a reply has the wrong type."""


def _a(kind: type[T], value: object) -> T:
    if type(value) is not kind:
        raise _Misfit
    return value


def _text(value: object, limit: int) -> str:
    return _a(str, value)[:limit]


def _words(value: object) -> str:
    if not (words := _text(value, _MAX_NAME)):
        raise _Misfit
    return words


def _keys(value: object) -> tuple[int | str, ...]:
    return tuple(map(_key, _a(list, value)[:_MAX_CHANGED]))


def _key(value: object) -> int | str:
    if type(value) is int and 0 <= value < _MAX_POSITION:
        return value
    return _text(value, _MAX_NAME)


def _exception(described: object) -> Raised:
    match described:
        case (name, builtin, text, place):
            # A class may well have no name: type("", (Exception,), {}).
            kind = _text(name, _MAX_NAME) or "an exception without a name"
            known = _text(builtin, _MAX_NAME)
            return raised(kind, known, _text(text, _MAX_TEXT), _place(place))
    raise _Misfit


def _place(value: object) -> Place | None:
    match value:
        case None:
            return None
        case (filename, line, text) if type(line) is int and 0 <= line < _MAX_LINE:
            return Place(_text(filename, _MAX_NAME), line, _text(text, _MAX_TEXT))
    raise _Misfit
