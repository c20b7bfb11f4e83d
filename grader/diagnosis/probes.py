"""Calls that tell the known mistakes of a lesson apart, and what comes of them.

They are written in ``tests/lessons/probes/<lesson>.py``; a lesson without that file is probed with
the calls that its checks make.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from grader.checks.reference import ReferenceCallee
from grader.checks.student import Callee
from grader.course import Course, Lesson, read_text
from grader.errors import CourseError
from grader.sandbox import wire
from grader.sandbox.faults import MissingFunction, Raised, StudentFault, WrongReturn


@dataclass(frozen=True, slots=True)
class Probe:
    """A call that tells mistakes apart."""

    function: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    corner: bool


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


class _Recorder:
    """What probes are written with: its functions do nothing but keep their arguments."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, function: str) -> Any:
        if function.startswith("_"):
            raise AttributeError(function)

        def call(*args: object, **kwargs: object) -> None:
            self.calls.append((function, args, kwargs))

        return call


def probes_of(course: Course, lesson: Lesson, calls: Iterable[bytes]) -> list[Probe]:
    """The calls that tell the mistakes of a lesson apart; without a file, those of its checks."""
    if not lesson.probes.is_file():
        decoded = (wire.decode(request) for request in calls)
        return [
            Probe(name, tuple(arguments[0]), arguments[1], False)
            for kind, name, *arguments in decoded
            if kind == "call"  # and not the reading of a value
        ]
    where = course.shown(lesson.probes)
    # A checksum of the name, because Python's own hash differs from run to run.
    rng = np.random.default_rng(zlib.crc32(lesson.id.encode()))
    module = ModuleType("probes")
    probes: list[Probe] = []
    try:
        code = compile(read_text(lesson.probes, where), str(lesson.probes), "exec")
        exec(code, vars(module))  # noqa: S102  (the course's own code)
        for kind, corner in (("ordinary", False), ("corners", True)):
            recorder = _Recorder()
            getattr(module, kind, lambda student, rng: None)(recorder, rng)
            probes += [Probe(*call, corner) for call in recorder.calls]
    except CourseError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise CourseError(f"{where}: the probes cannot be made ({reason})") from error
    if not any(not probe.corner for probe in probes):
        raise CourseError(f"{where}: needs `def ordinary(student, rng):` that calls each function")
    return probes
