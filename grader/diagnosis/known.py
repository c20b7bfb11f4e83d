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
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import numpy as np

from grader.checks.descriptions import numeric
from grader.checks.outcomes import is_not_started
from grader.checks.reference import ReferenceCallee, quiet
from grader.checks.student import Callee
from grader.course import Course, Lesson
from grader.diagnosis.misconceptions import Misconception, Overlaid, misconceptions_of
from grader.diagnosis.probe_files import read_probes
from grader.diagnosis.probes import Probe, Reply, ask_all, ask_version, is_finite, without_inf

_RTOL: Final = 1e-6
_ATOL: Final = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """A known-wrong version of a lesson, and how it behaves."""

    mistake: Misconception
    module: ModuleType
    replies: Mapping[str, Sequence[Reply]]  # by function, in the order of its probes
    breaks: frozenset[str]  # functions that do not behave like the reference's


@dataclass(frozen=True, slots=True)
class Explained:
    """What explains a function's replies."""

    versions: list[Version]  # all of one mistake; empty if nothing does, or more than one
    in_corners: bool  # whether the replies in corners had a say


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
        probes = read_probes(course, lesson, calls) if mistakes else []
        #: The probes of each function.
        self.probes: dict[str, list[Probe]] = {name: [] for name in self.functions}
        for probe in probes:
            self.probes.setdefault(probe.function, []).append(probe)
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
                replies = ask_all(callee, self.probes[name])
                if replies and (versions := self.explaining(name, replies).versions):
                    found[name] = versions
        return found

    def _behaviour(self, module: ModuleType) -> dict[str, list[Reply]]:
        callee = ReferenceCallee(module)
        with quiet():
            return {
                name: [ask_version(callee, probe) for probe in probes]
                for name, probes in self.probes.items()
            }

    def _is_wrong(self, name: str, replies: Sequence[Reply]) -> bool:
        right = self._right[name]
        return _changed(replies) != _changed(right) or not all(map(_agree, replies, right))

    def explaining(self, name: str, replies: Sequence[Reply]) -> Explained:
        """The versions of the one mistake that explains these replies to a function's probes."""
        nothing = Explained([], in_corners=False)
        if any(is_not_started(reply.error) for reply in replies):
            return nothing
        corners = [probe.corner for probe in self.probes[name]]
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
        in_corners = False
        if agrees(right):
            # Wrong in a corner, if anywhere.
            alike = [version for version in alike if name in version.breaks]
            if agrees_in_corners(right):
                return nothing
            in_corners = True
        elif not any(
            reply.error is None and (reply.changed or not _agree(reply, expected))
            for reply, expected, corner in zip(replies, right, corners, strict=True)
            if not corner
        ):
            return nothing  # it raises wherever it is wrong, as much code does
        if in_corners or len({version.mistake.id for version in alike}) > 1:
            in_corners = True
            alike = [version for version in alike if agrees_in_corners(version.replies[name])]
        if len({version.mistake.id for version in alike}) != 1:
            return nothing
        return Explained(alike, in_corners)


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
    if _agree(one, other) or _same(without_inf(one.value), without_inf(other.value)):
        return True
    overflows = [isinstance(reply.error, ArithmeticError) for reply in (one, other)]
    return any(overflows) and not any(
        reply.error is None and is_finite(reply.value) for reply in (one, other)
    )


def _same(one: Any, other: Any) -> bool:
    """Whether two plain values are equal up to rounding, whatever holds the numbers."""
    first, second = numeric(one), numeric(other)
    if first is not None and second is not None:
        return first.shape == second.shape and bool(
            np.allclose(first, second, rtol=_RTOL, atol=_ATOL, equal_nan=True)
        )
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return one is None and other is None
