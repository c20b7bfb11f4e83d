"""Calls that tell the known mistakes of a lesson apart, and what comes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.descriptions import numeric
from grader.checks.reference import ReferenceCallee
from grader.checks.student import Callee
from grader.sandbox import wire
from grader.sandbox.faults import MissingFunction, Raised, StudentFault, WrongReturn


@dataclass(frozen=True, slots=True)
class Probe:
    """A call that tells mistakes apart."""

    function: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    corner: bool

    def encoded(self) -> bytes:
        """The call as it is sent to a sandbox."""
        return wire.encode_call(self.function, self.args, self.kwargs)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a probe."""

    value: Any = None
    error: BaseException | None = None  # then there is no value
    changed: frozenset[int | str] = frozenset()  # arguments that it modified in place


def ask(callee: Callee, probe: Probe) -> Reply:
    """Make a call and keep what came of it.

    Raises:
        StudentFault: a timeout, a crash or a lack of memory: nothing to compare.
    """
    try:
        returned = callee.call(probe.function, *probe.args, **probe.kwargs)
    except (Raised, WrongReturn, MissingFunction) as fault:
        return Reply(error=fault)
    return Reply(returned.value, None, frozenset(returned.changed))


def ask_all(callee: Callee, probes: Iterable[Probe]) -> list[Reply]:
    """The replies to all calls; none where one hangs or crashes, which explains itself."""
    try:
        return [ask(callee, probe) for probe in probes]
    except StudentFault:
        return []


def ask_version(callee: ReferenceCallee, probe: Probe) -> Reply:
    """The same, of code of the course's own, which may raise anything."""
    try:
        return ask(callee, probe)
    except Exception as error:  # noqa: BLE001  (that it raises is how it behaves)
        return Reply(error=error)


def without_inf(value: Any) -> Any:
    """The value with nan wherever it is not finite."""
    array = numeric(value)
    if array is not None:
        return np.where(np.isfinite(array), array, np.nan)
    return [without_inf(part) for part in value] if isinstance(value, list | tuple) else value


def is_finite(value: Any) -> bool:
    """Whether a value holds nothing but finite numbers, if it holds numbers."""
    array = numeric(value)
    if array is not None:
        return bool(np.isfinite(array).all())
    return not isinstance(value, list | tuple) or all(map(is_finite, value))


def overflows(reply: Reply) -> bool:
    """Whether a reply is what becomes of numbers that are too large: nan, inf or OverflowError."""
    if reply.error is not None:
        return isinstance(reply.error, ArithmeticError)
    return not is_finite(reply.value)
