"""Reading a worker's reply: bytes become a value or a :mod:`fault <.faults>`.

A student's program can write to the worker's channel itself, and can find the request's token in
the worker's memory. So a reply may contain anything. This module checks each part. A part that does
not fit counts as a crash of the student's program, never as an error of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from grader.sandbox import wire
from grader.sandbox.faults import (
    Crashed,
    Failure,
    FailureKind,
    MissingFunction,
    OutOfMemory,
    Place,
    Raised,
    StudentFault,
    WrongReturn,
    build_raised,
)
from grader.sandbox.kinds import Callback, Ref

T = TypeVar("T")

_MAX_NAME: Final = 200
_MAX_TEXT: Final = 1_000
_MAX_LINE: Final = 10**9
_MAX_CHANGED: Final = 64
_MAX_FAILURES: Final = 20
_MAX_OWN: Final = 20  # of the lesson's names for an exception's class and its ancestors
_MAX_POSITION: Final = 1_000  # of an argument; Python refuses to write out far larger numbers


@dataclass(frozen=True, slots=True)
class Loaded:
    """The lesson was imported; single statements may have failed."""

    failures: tuple[Failure, ...]
    bare: bool  # it defines nothing that a check could use
    replies: tuple[bytes, ...]  # to the foreseen calls; still encoded, and not to be trusted


@dataclass(frozen=True, slots=True)
class NotClean:
    """The lesson was not loaded, since the one before has left something behind."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Calls were made ahead."""

    replies: tuple[bytes, ...]  # as in :class:`Loaded`


@dataclass(slots=True)
class Returned:
    """What one call of a student's function returned."""

    value: Any
    changed: tuple[int | str, ...]  # arguments modified in place, by position or keyword
    after: Mapping[int | str, Any] | None = None  # what of these can be sent, modified


@dataclass(frozen=True, slots=True)
class ProgramRun:
    """A run of a program. All of it comes from the student's process."""

    stdout: str
    stderr: str
    exit_code: int
    files: Mapping[str, str | bytes] = field(default_factory=dict)  # that it wrote: text, if it is


@dataclass(frozen=True, slots=True)
class Question:
    """A function of an earlier lesson asks for the value of a call."""

    lesson: str
    function: str
    args: list[Any]
    kwargs: dict[Any, Any]
    position: int  # of the call in which it asks, among those that are made ahead


@dataclass(frozen=True, slots=True)
class CalledBack:
    """The program calls a function of the check's."""

    number: int
    args: list[Any]
    kwargs: dict[Any, Any]


Reply = CalledBack | Loaded | NotClean | Ahead | Returned | Question | StudentFault


def forged_reply() -> Crashed:
    """The fault of a program whose worker sent no reply, or an impossible one."""
    return Crashed("the program broke the connection on which its answers are sent")


def read_reply(reply: bytes, rebuild: Callable[[Any], Any] | None = None) -> Reply:
    """Decode a reply. An impossible one becomes :func:`forged_reply`."""
    try:
        decoded = wire.decode(reply, rebuild=rebuild or _refuse_objects)
        kind, *details = _require(tuple, decoded) or (None,)
        match (_require(str, kind), *details):  # a string first: an array would compare itself
            case ("loaded", failures, bare, replies):
                failed = tuple(map(_failure, _require(list, failures)[:_MAX_FAILURES]))
                own = tuple(_require(bytes, reply) for reply in _require(list, replies))
                return Loaded(failed, _require(bool, bare), own)
            case ("not clean",):
                return NotClean()
            case ("ahead", replies):
                return Ahead(tuple(_require(bytes, reply) for reply in _require(list, replies)))
            case ("question", lesson, function, args, kwargs, position):
                return Question(
                    _require(str, lesson),
                    _require(str, function),
                    _require(list, args),
                    _require(dict, kwargs),
                    _require(int, position),
                )
            case ("callback", number, args, kwargs) if rebuild is not None:
                return CalledBack(
                    _require(int, number), _require(list, args), _require(dict, kwargs)
                )
            case ("ok", value, changed):
                return Returned(value, _changed_arguments(changed))
            case ("ok", value, changed, after):
                keys = _changed_arguments(changed)
                kept = {key: state for key, state in _require(dict, after).items() if key in keys}
                return Returned(value, keys, kept)
            case ("raised", described):
                return _exception(described)
            case ("raised", described, exception):
                raised = _exception(described)
                raised.object = exception
                return raised
            case ("missing", None, None):
                return MissingFunction("there is no such function")
            case ("missing", what, place):
                missing = MissingFunction(f"it is {_words(what)}, not a function")
                missing.bound_at = _place(place)
                return missing
            case ("unsendable", what):
                return WrongReturn(_words(what))
            case ("out_of_memory",):
                return OutOfMemory("it needed more memory than it may have")
    except (_WrongPart, wire.WireError):
        pass  # treated like an unknown kind
    return forged_reply()


def _refuse_objects(value: Any) -> Any:
    """Where no check asks for objects, none comes."""
    if type(value) in {Ref, Callback}:
        raise wire.WireError("an object that nobody asked for")
    return value


class _WrongPart(Exception):
    """A part of a reply has the wrong type or form."""


def _require(kind: type[T], value: object) -> T:
    if type(value) is not kind:
        raise _WrongPart
    return value


def _text(value: object, limit: int) -> str:
    return _require(str, value)[:limit]


def _words(value: object) -> str:
    if not (words := _text(value, _MAX_NAME)):
        raise _WrongPart
    return words


def _changed_arguments(value: object) -> tuple[int | str, ...]:
    return tuple(map(_argument, _require(list, value)[:_MAX_CHANGED]))


def _argument(value: object) -> int | str:
    if type(value) is int and 0 <= value < _MAX_POSITION:
        return value
    return _text(value, _MAX_NAME)


def read_run(value: object) -> ProgramRun | None:
    """The run that a worker describes; None if this is no description of one."""
    match value:
        case {"stdout": str(out), "stderr": str(err), "exit_code": int(code), "files": dict(files)}:
            are_files = all(
                type(name) is str and type(content) in {str, bytes}
                for name, content in files.items()
            )
            return ProgramRun(out, err, code, files) if are_files else None
    return None


@dataclass(frozen=True, slots=True)
class Progress:
    """The top-level statement that a worker is at while it loads a lesson."""

    lesson: str
    part: int
    index: int
    place: Place


def read_progress(notice: bytes) -> Progress | None:
    """Decode a worker's report of its progress; None if there is none, or an impossible one."""
    try:
        match wire.decode(notice):
            case (str() as lesson, int() as part, int() as index, tuple() as place):
                if 0 <= part < _MAX_LINE and 0 <= index < _MAX_LINE and (at := _place(place)):
                    return Progress(lesson[:_MAX_NAME], part, index, at)
    except (_WrongPart, wire.WireError):
        pass
    return None


def _failure(value: object) -> Failure:
    match value:
        case (kind, place, subject, names, described):
            given = tuple(_text(name, _MAX_NAME) for name in _require(list, names)[:_MAX_FAILURES])
            error = _exception(described)
            if (what := _require(str, kind)) not in set(FailureKind):
                raise _WrongPart
            return Failure(
                FailureKind(what), _place(place), error, _text(subject, _MAX_NAME), given
            )
    raise _WrongPart


def _exception(described: object) -> Raised:
    match described:
        case (name, builtin, text, arguments, place, *own):
            # A class may well have no name: type("", (Exception,), {}).
            type_name = _text(name, _MAX_NAME) or "an exception without a name"
            builtin_name = _text(builtin, _MAX_NAME)
            raised = build_raised(
                type_name,
                builtin_name,
                _text(text, _MAX_TEXT),
                _place(place),
                _require(tuple, arguments),
            )
            if own:
                names = _require(list, own[0])[:_MAX_OWN]
                raised.own = tuple(_text(name, _MAX_NAME) for name in names)
            return raised
    raise _WrongPart


def _place(value: object) -> Place | None:
    match value:
        case None:
            return None
        case (filename, line, text) if type(line) is int and 0 <= line < _MAX_LINE:
            return Place(_text(filename, _MAX_NAME), line, _text(text, _MAX_TEXT))
    raise _WrongPart
