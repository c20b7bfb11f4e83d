"""Reads the file of a lesson's probes, ``tests/lessons/probes/<lesson>.py``.

A lesson without that file has the calls of its checks as probes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from types import ModuleType
from typing import Any

import numpy as np

from grader.course import Course, Lesson, read_text
from grader.diagnosis.probes import Probe
from grader.errors import CourseError
from grader.sandbox import wire


class _Recorder:
    """The `student` of a file of probes. Its functions only note their arguments."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, function: str) -> Any:
        if function.startswith("_"):
            raise AttributeError(function)

        def call(*args: object, **kwargs: object) -> None:
            self.calls.append((function, args, kwargs))

        return call


def decode_calls(calls: Iterable[bytes]) -> list[Probe]:
    """Ordinary probes from the encoded calls of checks."""
    return [
        Probe(name, tuple(arguments[0]), arguments[1], False)
        for kind, name, *arguments in map(wire.decode, calls)
        if kind == "call"  # and not the reading of a value
    ]


def read_probes(course: Course, lesson: Lesson, calls: Iterable[bytes]) -> list[Probe]:
    """Read the probes of a lesson. Without a file, they are the calls of its checks."""
    if not lesson.probes.is_file():
        return decode_calls(calls)
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
