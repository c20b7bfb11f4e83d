"""The worker: it loads one student's lesson and calls its functions.

Most calls come with the request to load, and the worker makes them at once; others come one by one.
Student code runs beside this code and may break it. That harms no other student, because everything
that leaves this process counts only as a return value of the student's function.

The kinds of requests: load, call, value, live, ahead, run, mark and preflight. The kinds of replies
stand below; the trusted end reads them in `grader.sandbox.replies`.
"""

from __future__ import annotations

import collections
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Final

import numpy as np

from grader.sandbox import wire
from grader.sandbox.inside.absent import Absent, check_present
from grader.sandbox.inside.leftovers import Leftovers
from grader.sandbox.inside.objects import OPERATIONS
from grader.sandbox.inside.plain_values import make_plain
from grader.sandbox.inside.program import Program, Surroundings
from grader.sandbox.inside.questions import Line
from grader.sandbox.inside.running import run_program

#: Kinds of replies. Each reply is the request's token, then (kind, details…).
OK: Final = "ok"
LOADED: Final = "loaded"
NOT_CLEAN: Final = "not clean"
AHEAD: Final = "ahead"
RAISED: Final = "raised"
MISSING: Final = "missing"
UNSENDABLE: Final = "unsendable"
OUT_OF_MEMORY: Final = "out_of_memory"

_WITHOUT_AFTER: Final = 3  # parts of such a reply without what modified arguments hold

_DICTS: Final = (dict, collections.OrderedDict, collections.defaultdict, collections.Counter)
_UNCHANGEABLE: Final = frozenset({type(None), bool, int, float, complex, str, bytes})
_MAX_AFTER: Final = 2**20  # bytes of a modified argument that are sent back
_PIECE: Final = 64 * 1024  # bytes read at once; more are written apart


def serve(
    requests: Iterable[bytes],
    replies: int,
    preflight: Callable[..., list[str]],
    leftovers: Leftovers | None = None,
) -> None:
    """Answer requests on a stream descriptor, until there are no more.

    Args:
        requests: each is the token that the reply must carry, then (kind, details…).
        replies: the descriptor for the replies.
        preflight: names the forbidden acts that work.
        leftovers: of a lesson, if another one may be loaded after it.
    """
    if leftovers is not None:
        leftovers.begin()
    program: Program | None = None
    flush = sys.stdout.flush
    requests = iter(requests)
    line = Line(requests, partial(write_frame, replies))

    def respond(data: bytes) -> None:
        nonlocal program
        token, request = data[: wire.TOKEN_BYTES], data[wire.TOKEN_BYTES :]
        line.begin(token)
        own = program.own_value if program is not None else None
        kind, *details = wire.decode(request, trusted=True, rebuild=own)
        reply: tuple[Any, ...]
        if kind == "load" and program is not None and not is_clean_without(program, leftovers):
            reply = (NOT_CLEAN,)
        elif kind == "load":
            lesson, sources, foreseen, *surroundings, stepwise = details
            report = partial(_report_statement, replies) if stepwise else None
            program = Program(lesson, sources, Surroundings(*surroundings), report, line.ask)
            program.call_back, line.rebuild = line.call_back, program.own_value
            reply = load_program(program)
            if reply[0] == LOADED:
                with line.open():
                    reply = (*reply, answer_all(program, foreseen, line))
        elif kind == "ahead" and program is not None:
            with line.open():
                reply = (AHEAD, answer_all(program, details[0], line))
        elif kind == "run":
            reply = run(*details)
        elif kind == "preflight":
            reply = (OK, preflight(*details), [])
        elif kind == "mark":
            flush()
            with suppress(OSError):  # the student's code closed its output, and prints no more
                os.write(1, details[0].encode())
            reply = (OK, None, [])
        elif kind in ("call", "value") and program is not None:
            with line.open():
                reply = answer_request(program, request, (kind, *details))
        elif kind == "live" and program is not None:
            with line.open():
                reply = answer_live(program, *details)
        else:
            raise ValueError(f"a request of an unknown kind: {kind}")
        flush()
        line.reply(encode_reply(reply))

    line.respond = respond
    for data in requests:
        respond(data)


def _report_statement(replies: int, *statement: object) -> None:
    """Report which statement runs next, so the trusted end knows it if it ends this process."""
    write_frame(replies, wire.NO_TOKEN, wire.encode(statement))


def load_program(program: Program) -> tuple[Any, ...]:
    """Import the lesson.

    Returns:
        A reply with the statements that failed, and whether the lesson is bare; or with the reason
        why the lesson cannot be imported.
    """
    try:
        program.load()
    except MemoryError:
        return (OUT_OF_MEMORY,)
    except BaseException as error:
        return (RAISED, program.describe(error))
    return (LOADED, program.failures, program.is_bare())


def is_clean_without(program: Program, leftovers: Leftovers | None) -> bool:
    """Remove a lesson from this process; whether the next one finds nothing of it."""
    with suppress(Exception):  # whatever the lesson has broken
        program.unload()
        return leftovers is not None and not leftovers.are_found()
    return False


def run(
    lesson: str, sources: dict[str, Any], surroundings: list[Any], *details: Any
) -> tuple[Any, ...]:
    """Run the lesson as a program; reply with what came of it."""
    try:
        program = Program(lesson, sources, Surroundings(*surroundings))
        return (OK, run_program(program, *details), [])
    except MemoryError:
        return (OUT_OF_MEMORY,)


def answer_all(program: Program, foreseen: list[bytes], line: Line | None = None) -> list[bytes]:
    """Make the foreseen calls, up to one that runs out of memory, or until they are too large.

    Args:
        program: loaded.
        foreseen: the calls, encoded.
        line: is told which call is being made.
    """
    replies: list[bytes] = []
    size = longest = 0
    for position, request in enumerate(foreseen):
        if line is not None:
            line.position = position
        reply = answer_request(
            program, request, wire.decode(request, trusted=True, rebuild=program.own_value)
        )
        if reply[0] == OUT_OF_MEMORY:
            break  # the other calls need a fresh worker
        replies.append(encode_reply(reply))
        size += len(replies[-1])
        longest = max(longest, len(replies[-1]))
        if size > wire.MAX_VALUE or longest * len(replies) > wire.MAX_SPREAD:
            return []  # one frame cannot hold them, so each is asked for alone
    return replies


def encode_reply(reply: tuple[Any, ...]) -> bytes:
    """A reply as it is sent; if it cannot be, a reply that says so."""
    try:
        return wire.encode(reply)
    except wire.Unsendable as refused:
        if isinstance(refused, wire.Foreign):
            with suppress(Exception):  # methods of the student's own classes raise anything
                return wire.encode(make_plain(reply))
        if reply[0] == OK and len(reply) > _WITHOUT_AFTER:
            return encode_reply(reply[:_WITHOUT_AFTER])  # together they may be too large
        return wire.encode((UNSENDABLE, str(refused)))


def answer_request(program: Program, request: bytes, decoded: tuple[Any, ...]) -> tuple[Any, ...]:
    """Call a function, or read a value, as the request says."""
    kind, name, *details = decoded
    if kind == "value":
        return read_value(program, name, *details)
    return call_function(program, name, request, *details)


def answer_live(program: Program, decoded: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same for a check that may hold objects of the student's; or use one of these."""
    kind, name, *details = decoded
    objects = program.objects
    if kind == "value":
        reply = read_value(program, name, *details)
        return (OK, objects.make_sendable(reply[1]), reply[2]) if reply[0] == OK else reply
    args, kwargs = details
    if kind == "use" and name == "glue":
        args = [program.names(), *args]
    if kind == "use":
        own = {
            "console": program.console.open, "printed": program.console.close,
            "share": program.share, "changes": program.changes,
        }  # fmt: skip
        function: Any = own.get(name) or OPERATIONS[name]
    else:
        function = program.lookup(name)
        if not callable(function):
            return not_callable(program, name, function)
    before = {key: _encoded(value) for key, value in _by_key(args, kwargs)}
    try:
        value = function(*args, **kwargs)
        check_present(value)
        changed = [key for key, now in _by_key(args, kwargs) if _encoded(now) != before[key]]
        return (OK, objects.make_sendable(value), changed, values_after(changed, args, kwargs))
    except MemoryError:
        return (OUT_OF_MEMORY,)
    except BaseException as error:
        return (RAISED, program.describe(error), objects.refer_to(error))


def _by_key(args: list[Any], kwargs: dict[str, Any]) -> list[tuple[int | str, Any]]:
    return [*enumerate(args), *kwargs.items()]


def read_value(program: Program, name: str, keys: list[str]) -> tuple[Any, ...]:
    """Read a value, or an entry of a dict of dicts; ``None`` if there is none.

    The reply names :data:`wire.NOT_THERE` as changed if the program has no such name.
    """
    value: Any = program.lookup(name)
    if value is None and not program.has(name):
        return (OK, None, [wire.NOT_THERE])
    if type(value) is Absent:
        try:
            check_present(value)
        except ImportError as error:
            return (RAISED, program.describe(error))
    for key in keys:
        if value is None:
            break
        if type(value) not in _DICTS:  # another subclass may lie about what it holds
            return (UNSENDABLE, f"{wire.describe_type(type(value))} in place of a dict")
        try:
            value = value.get(key)
        except BaseException as error:  # from another key, which Python compares with this one
            return (RAISED, program.describe(error))
    return (OK, value, [])


def call_function(
    program: Program, name: str, request: bytes, args: list[Any], kwargs: dict[str, Any]
) -> tuple[Any, ...]:
    """Call a function; reply with its value and the arguments that it modified."""
    function = program.lookup(name)
    if not callable(function):
        return not_callable(program, name, function)
    try:
        before = _contents(args, kwargs)
        value = function(*args, **kwargs)
        check_present(value)
        if before is not None and before == _contents(args, kwargs):
            return (OK, value, [])
        changed = find_changed(request, name, args, kwargs)
        if not changed:
            return (OK, value, changed)
        return (OK, value, changed, values_after(changed, args, kwargs))
    except MemoryError:
        return (OUT_OF_MEMORY,)
    except BaseException as error:
        return (RAISED, program.describe(error))


def not_callable(program: Program, name: str, value: object) -> tuple[Any, ...]:
    """The reply where there is no function of that name."""
    if value is None:
        return (MISSING, None, None)
    return (MISSING, wire.describe_type(type(value)), program.where_bound(name))


def _contents(args: list[Any], kwargs: dict[str, Any]) -> list[object] | None:
    """What the arrays among the arguments hold; None if there is more that a function may modify.

    Most calls have numbers and arrays alone, which this compares in a fifth of the time that it
    takes to encode them.
    """
    arrays: list[object] = []
    for value in (*args, *kwargs.values()):
        if type(value) is np.ndarray:
            arrays.append((value.shape, value.dtype, value.tobytes()))
        elif type(value) not in _UNCHANGEABLE:
            return None
    return arrays


def find_changed(
    request: bytes, name: str, args: list[Any], kwargs: dict[str, Any]
) -> list[int | str]:
    """Positions and names of the arguments that the function has modified.

    Args:
        request: the encoded call.
        name: the function's name.
        args: the arguments after the call.
        kwargs: the keyword arguments after the call.
    """
    if _encoded(("call", name, args, kwargs)) == request:
        return []
    _, _, args_before, kwargs_before = wire.decode(request)
    pairs: list[tuple[int | str, object, object]] = [
        *zip(range(len(args)), args_before, args, strict=True),
        *((name, kwargs_before[name], kwargs[name]) for name in kwargs_before),
    ]
    return [key for key, old, new in pairs if _encoded(old) != _encoded(new)]


def values_after(
    changed: list[int | str], args: list[Any], kwargs: dict[str, Any]
) -> dict[int | str, Any]:
    """What the arguments that were modified hold now, as far as it can be sent."""
    after: dict[int | str, Any] = {}
    for key in changed:
        value = make_plain(args[key] if isinstance(key, int) else kwargs[key])
        encoded = _encoded(value)
        if encoded is not None and len(encoded) <= _MAX_AFTER:
            after[key] = value
    return after


def _encoded(value: object) -> bytes | None:
    try:
        try:
            return wire.encode(value)
        except wire.Foreign:
            return wire.encode(make_plain(value))
    except Exception:  # the function put something into it that cannot be sent
        return None


def read_frame(channel: int) -> bytes | None:
    """Read one frame; ``None`` if the other end is closed. Requests come one at a time."""
    data = bytearray(os.read(channel, _PIECE))
    if not data:
        return None
    (size,) = wire.HEADER.unpack_from(data)
    while len(data) < wire.HEADER.size + size:
        piece = os.read(channel, _PIECE)
        if not piece:
            return None
        data += piece
    return bytes(memoryview(data)[wire.HEADER.size :])


def write_frame(channel: int, token: bytes, content: bytes = b"") -> None:
    """Write one frame; a large content is not copied."""
    head = wire.HEADER.pack(len(token) + len(content)) + token
    for data in [head + content] if len(content) < _PIECE else [head, content]:
        view = memoryview(data)
        while view:
            view = view[os.write(channel, view) :]
