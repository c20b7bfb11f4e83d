"""Which known mistake behaves just like this student's code?

A student's functions are called on probes, inputs on which all known mistakes of the lesson
differ, and what comes back is compared with what the reference and each known-wrong version give.
A mistake is named for a function only when it explains every reply, and no other does: same
arrays, up to rounding; same arguments changed; an exception where it raises one.

Probes come in two kinds. On *ordinary* ones, all code with the same mistake gives the same values.
In *corners* (huge scores, vectors of zeros, lists) it need not: one student overflows to nan where
another raises OverflowError. So corners have a say only where the ordinary replies leave a choice
or are all right; and there, not finite is not finite, whatever form it takes.
"""

from __future__ import annotations

import inspect
import warnings
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import numpy as np

from grader.course import Course, Lesson, read_text
from grader.errors import CourseError
from grader.misconceptions import Misconception, Overlaid, misconceptions_of
from grader.sandbox import wire
from grader.sandbox.faults import MissingFunction, Raised, StudentFault, WrongReturn
from grader.student import Callee, ReferenceCallee

_RTOL: Final = 1e-6
_ATOL: Final = 1e-8


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


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """A known-wrong version of a lesson, and how it behaves."""

    mistake: Misconception
    module: ModuleType
    replies: Mapping[str, Sequence[Reply]]  # by function, in the order of its probes
    breaks: frozenset[str]  # functions that do not behave like the reference's


class KnownMistakes:
    """All known mistakes of a lesson, and the probes that tell them apart."""

    def __init__(
        self,
        course: Course,
        lesson: Lesson,
        references: Mapping[str, ModuleType],
        calls: Iterable[bytes],
    ) -> None:
        """Learn how each of them behaves.

        Args:
            course: it belongs to.
            lesson: whose mistakes.
            references: the solution of each lesson, by id.
            calls: what the lesson's checks call (encoded): the probes, if it has none of its own.

        Raises:
            CourseError: the known mistakes or the probes are no good.
        """
        reference = references[lesson.id]
        #: The lesson's functions in the order in which they are defined.
        self.functions = tuple(
            name
            for name, value in vars(reference).items()
            if inspect.isfunction(value) and value.__module__ == reference.__name__
        )
        mistakes = misconceptions_of(course, lesson)
        probes = _probes(course, lesson, calls) if mistakes else []
        self._probes: dict[str, list[Probe]] = {name: [] for name in self.functions}
        for probe in probes:
            self._probes.setdefault(probe.function, []).append(probe)
        self._right = self._behaviour(reference)
        overlays = Overlaid(course, lesson, references)
        self.versions: list[Version] = []
        for mistake in mistakes:
            for overlay in mistake.versions:
                module = overlays.module(overlay)
                replies = self._behaviour(module)
                breaks = frozenset(name for name in replies if self._is_wrong(name, replies[name]))
                self.versions.append(Version(mistake, module, replies, breaks))

    def match(self, callee: Callee, functions: Collection[str]) -> dict[str, list[Version]]:
        """For each of these functions that a known mistake explains, its versions that do.

        Args:
            callee: runs the student's functions.
            functions: the ones to look at.
        """
        found: dict[str, list[Version]] = {}
        for name in functions:
            if any(name in version.breaks for version in self.versions):
                try:
                    replies = [_ask(callee, probe) for probe in self._probes[name]]
                except StudentFault:  # a hang or a crash explains itself
                    continue
                versions = self._explaining(name, replies)
                if len({version.mistake.id for version in versions}) == 1:
                    found[name] = versions
        return found

    def _behaviour(self, module: ModuleType) -> dict[str, list[Reply]]:
        callee = ReferenceCallee(module)
        with quiet():
            return {
                name: [_ask_version(callee, probe) for probe in probes]
                for name, probes in self._probes.items()
            }

    def _is_wrong(self, name: str, replies: Sequence[Reply]) -> bool:
        right = self._right[name]
        return _changed(replies) != _changed(right) or not all(map(_agree, replies, right))

    def _explaining(self, name: str, replies: Sequence[Reply]) -> list[Version]:
        """The versions that behave like this on a function's probes."""
        if any(_not_attempted(reply) for reply in replies):
            return []
        corners = [probe.corner for probe in self._probes[name]]
        right = self._right[name]

        def agrees(others: Sequence[Reply]) -> bool:
            return _changed(replies, corners) == _changed(others, corners) and all(
                _agree(mine, other)
                for mine, other, corner in zip(replies, others, corners, strict=True)
                if not corner
            )

        def agrees_in_corners(others: Sequence[Reply]) -> bool:
            return all(
                _agree_in_corner(mine, other)
                for mine, other, corner in zip(replies, others, corners, strict=True)
                if corner
            )

        alike = [version for version in self.versions if agrees(version.replies[name])]
        if agrees(right):
            # Wrong in a corner, if anywhere.
            alike = [version for version in alike if name in version.breaks]
            if agrees_in_corners(right):
                return []
            return [version for version in alike if agrees_in_corners(version.replies[name])]
        if not any(
            reply.error is None and (reply.changed or not _agree(reply, expected))
            for reply, expected, corner in zip(replies, right, corners, strict=True)
            if not corner
        ):
            return []  # it raises wherever it is wrong, as much code does
        if len({version.mistake.id for version in alike}) > 1:
            alike = [version for version in alike if agrees_in_corners(version.replies[name])]
        return alike


@contextmanager
def quiet() -> Iterator[None]:
    """Run known-wrong code without its warnings: overflows are what some of it is about."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _ask(callee: Callee, probe: Probe) -> Reply:
    """Make a call and keep what came of it.

    Raises:
        StudentFault: a timeout, a crash or a lack of memory: nothing to compare.
    """
    try:
        returned = callee.call(probe.function, *probe.args, **probe.kwargs)
    except (Raised, WrongReturn, MissingFunction) as fault:
        return Reply(error=fault)
    return Reply(returned.value, None, frozenset(returned.changed))


def _ask_version(callee: ReferenceCallee, probe: Probe) -> Reply:
    """The same, of code of the course's own, which may raise anything."""
    try:
        return _ask(callee, probe)
    except Exception as error:  # noqa: BLE001  (that it raises is how it behaves)
        return Reply(error=error)


def _changed(
    replies: Sequence[Reply], corners: Sequence[bool] | None = None
) -> frozenset[int | str]:
    """The arguments that were changed on any probe."""
    corners = corners or [False] * len(replies)
    ordinary = (reply for reply, corner in zip(replies, corners, strict=True) if not corner)
    return frozenset().union(*(reply.changed for reply in ordinary))


def _agree(one: Reply, other: Reply) -> bool:
    if one.error is not None or other.error is not None:
        return one.error is not None and other.error is not None
    return _same(one.value, other.value)


def _agree_in_corner(one: Reply, other: Reply) -> bool:
    """The same, or not finite in the same places, whether it shows as nan, inf or an exception."""
    if _agree(one, other) or _same(_without_inf(one.value), _without_inf(other.value)):
        return True
    overflows = [isinstance(reply.error, ArithmeticError) for reply in (one, other)]
    return any(overflows) and not any(
        reply.error is None and _is_finite(reply.value) for reply in (one, other)
    )


def _without_inf(value: Any) -> Any:
    array = _numeric(value)
    if array is not None:
        return np.where(np.isfinite(array), array, np.nan)
    return [_without_inf(part) for part in value] if isinstance(value, list | tuple) else value


def _is_finite(value: Any) -> bool:
    """Whether a value holds nothing but finite numbers, if it holds numbers."""
    array = _numeric(value)
    if array is not None:
        return bool(np.isfinite(array).all())
    return not isinstance(value, list | tuple) or all(map(_is_finite, value))


def _same(one: Any, other: Any) -> bool:
    """Whether two plain values are equal up to rounding, whatever holds the numbers."""
    first, second = _numeric(one), _numeric(other)
    if first is not None and second is not None:
        return first.shape == second.shape and bool(
            np.allclose(first, second, rtol=_RTOL, atol=_ATOL, equal_nan=True)
        )
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return one is None and other is None


def _numeric(value: Any) -> np.ndarray | None:
    try:
        array = np.asarray(value)
    except ValueError:  # parts of different shapes
        return None
    return array if array.dtype.kind in "biufc" else None


def _not_attempted(reply: Reply) -> bool:
    return isinstance(reply.error, Raised) and reply.error.type_name == "NotImplementedError"


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


def _probes(course: Course, lesson: Lesson, calls: Iterable[bytes]) -> list[Probe]:
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
