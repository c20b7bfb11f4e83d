"""The worker: one student's lesson, loaded and called as a stream of requests asks.

Most calls come along with the request to load, and are made at once; others come one by one.
Everything here runs beside student code and may be broken by it. That harms nobody else: what
comes out of this process is never more than the return value of the student's function.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final

from grader.sandbox import wire
from grader.sandbox.inside.program import Program

#: Reply kinds. Each reply is the request's token, then (kind, details…).
OK: Final = "ok"
LOADED: Final = "loaded"
RAISED: Final = "raised"
MISSING: Final = "missing"
UNSENDABLE: Final = "unsendable"
OUT_OF_MEMORY: Final = "out_of_memory"

_PIECE: Final = 64 * 1024  # bytes read at once


def serve(requests: Iterable[bytes], replies: int, probe: Callable[..., list[str]]) -> None:
    """Answer requests on a stream descriptor, until there are no more.

    Args:
        requests: each is the token that the reply must carry, then its kind and what belongs to it.
        replies: the descriptor for the answers.
        probe: names the acts that work and must not.
    """
    program: Program | None = None
    reply: tuple[Any, ...]
    flush = sys.stdout.flush
    for data in requests:
        token, request = data[: wire.TOKEN_BYTES], data[wire.TOKEN_BYTES :]
        kind, *details = wire.decode(request, ours=True)
        if kind == "load":
            lesson, sources, foreseen = details
            program = Program(lesson, sources)
            reply = load(program, foreseen)
        elif kind == "probe":
            reply = (OK, probe(*details), [])
        elif kind == "mark":
            flush()
            with suppress(OSError):  # the student's code closed it: nothing comes after
                os.write(1, details[0].encode())
            reply = (OK, None, [])
        elif kind in ("call", "value") and program is not None:
            reply = answer(program, request, (kind, *details))
        else:
            raise ValueError(f"a request of an unknown kind: {kind}")
        flush()
        write_frame(replies, token + _answer(reply))


def load(program: Program, foreseen: list[bytes]) -> tuple[Any, ...]:
    """Import the lesson, and make the calls that are foreseen.

    Returns:
        A reply with the first failing cell and the calls' own replies, encoded; or with why the
        lesson cannot be imported.
    """
    try:
        program.load()
    except MemoryError:
        return (OUT_OF_MEMORY,)
    except BaseException as error:
        return (RAISED, program.describe(error))
    answers = []
    for request in foreseen:
        reply = answer(program, request, wire.decode(request, ours=True))
        if reply[0] == OUT_OF_MEMORY:
            break  # what comes after needs a fresh worker
        answers.append(_answer(reply))
    return (LOADED, program.cell_errors[:1], answers)


def _answer(reply: tuple[Any, ...]) -> bytes:
    try:
        return wire.encode(reply)
    except wire.Unsendable as refused:
        return wire.encode((UNSENDABLE, str(refused)))


def answer(program: Program, request: bytes, decoded: tuple[Any, ...]) -> tuple[Any, ...]:
    """Do what a request asks: call a function, or read a value."""
    kind, name, *details = decoded
    if kind == "value":
        return value(program, name, *details)
    return call(program, name, request, *details)


def value(program: Program, name: str, keys: list[str]) -> tuple[Any, ...]:
    """Read a value, or what a dict of dicts holds under some keys; None where there is nothing."""
    found = program.named(name)
    for key in keys:
        if found is None:
            break
        if type(found) is not dict:  # a subclass may say that it holds anything
            return (UNSENDABLE, f"{wire.describe_type(type(found))} in place of a dict")
        try:
            found = found.get(key)
        except BaseException as error:  # of another key, which is compared with this one
            return (RAISED, program.describe(error))
    return (OK, found, [])


def call(
    program: Program, name: str, request: bytes, args: list[Any], kwargs: dict[str, Any]
) -> tuple[Any, ...]:
    """Call a function; reply with its value and the arguments that it modified."""
    function = program.named(name)
    if not callable(function):
        return (MISSING, None if function is None else wire.describe_type(type(function)))
    try:
        value = function(*args, **kwargs)
        return (OK, value, changed(request, name, args, kwargs))
    except MemoryError:
        return (OUT_OF_MEMORY,)
    except BaseException as error:
        return (RAISED, program.describe(error))


def changed(request: bytes, name: str, args: list[Any], kwargs: dict[str, Any]) -> list[int | str]:
    """Positions and names of the arguments that are not what the request says.

    Args:
        request: the encoded call.
        name: the function's.
        args: as they are after the function had them.
        kwargs: the same.
    """
    if _encoded(("call", name, args, kwargs)) == request:
        return []
    _, _, args_before, kwargs_before = wire.decode(request)
    pairs: list[tuple[int | str, object, object]] = [
        *zip(range(len(args)), args_before, args, strict=True),
        *((name, kwargs_before[name], kwargs[name]) for name in kwargs_before),
    ]
    return [key for key, old, new in pairs if _encoded(old) != _encoded(new)]


def _encoded(value: object) -> bytes | None:
    try:
        return wire.encode(value)
    except wire.Unsendable:
        return None  # something that could not have been sent was put into it


def read_frame(channel: int) -> bytes | None:
    """Read one frame; ``None`` when the other end is closed. Requests come one at a time."""
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


def write_frame(channel: int, data: bytes) -> None:
    """Write one frame."""
    view = memoryview(wire.frame(data))
    while view:
        view = view[os.write(channel, view) :]
