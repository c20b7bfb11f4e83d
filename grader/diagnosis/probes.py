"""Probes, which are calls that tell the known mistakes of a lesson apart, and their replies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from grader.checks.descriptions import numeric
from grader.checks.reference import ReferenceCallee
from grader.checks.student import Callee
from grader.sandbox import wire
from grader.sandbox.faults import MissingFunction, Raised, StudentFault, WrongReturn

#: Replies to all probes of a function take some thousand bytes. Larger ones are no known mistake's.
_MOST_BYTES: Final = 32 * 2**20


@dataclass(frozen=True, slots=True)
class Probe:
    """A call that tells mistakes apart."""

    function: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    corner: bool  # whether replies with the same mistake may differ

    def encoded(self) -> bytes:
        """The call in the form in which it is sent to a sandbox."""
        return wire.encode_call(self.function, self.args, self.kwargs)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from a probe."""

    value: Any = None
    error: BaseException | None = None  # instead of a value
    changed: frozenset[int | str] = frozenset()  # the arguments that were modified in place


def ask(callee: Callee, probe: Probe) -> Reply:
    """Make a call, and return the reply.

    Raises:
        StudentFault: a timeout, a crash or a lack of memory, which cannot be compared.
    """
    try:
        returned = callee.call(probe.function, *probe.args, **probe.kwargs)
    except (Raised, WrongReturn, MissingFunction) as fault:
        return Reply(error=fault)
    return Reply(returned.value, None, frozenset(returned.changed))


def ask_all(callee: Callee, probes: Iterable[Probe]) -> list[Reply]:
    """The replies to all calls; none if one hangs or crashes, or if they are huge together."""
    replies: list[Reply] = []
    size = 0
    for probe in probes:
        try:
            replies.append(ask(callee, probe))
        except StudentFault:
            return []
        size += _size(replies[-1].value)
        if size > _MOST_BYTES:
            return []
    return replies


def _size(value: Any) -> int:
    """Roughly the bytes of a plain value."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, list | tuple):
        return 8 * len(value) + sum(map(_size, value))
    if isinstance(value, dict):
        return _size(list(value)) + _size(list(value.values()))
    return 8


def ask_version(callee: ReferenceCallee, probe: Probe) -> Reply:
    """The same for code of the course, which may raise any exception."""
    try:
        return ask(callee, probe)
    except Exception as error:  # noqa: BLE001  (that it raises is how it behaves)
        return Reply(error=error)


def without_inf(value: Any) -> Any:
    """The value with nan in all places that are not finite."""
    array = numeric(value)
    if array is not None:
        return np.where(np.isfinite(array), array, np.nan)
    return [without_inf(part) for part in value] if isinstance(value, list | tuple) else value


def is_finite(value: Any) -> bool:
    """Whether all numbers in a value are finite."""
    array = numeric(value)
    if array is not None:
        return bool(np.isfinite(array).all())
    return not isinstance(value, list | tuple) or all(map(is_finite, value))


def overflows(reply: Reply) -> bool:
    """Whether a reply is the result of too large numbers: nan, inf or an OverflowError."""
    if reply.error is not None:
        return isinstance(reply.error, ArithmeticError)
    return not is_finite(reply.value)
