"""Which known mistake behaves just like this student's code?

A student's functions are called on probes, inputs on which all known mistakes of the lesson
differ, and what comes back is compared with what the reference and each known-wrong version give.
A mistake is named for a function only when it explains every reply, and no other does: same
arrays, up to rounding; same arguments changed; an exception where it raises one. Where no mistake
alone explains them, two together may; where several do, they are named by what they share.

Probes come in two kinds. On *ordinary* ones, all code with the same mistake gives the same values.
In *corners* (huge scores, vectors of zeros, lists) it need not: one student overflows to nan where
another raises OverflowError. So corners have a say only where the ordinary replies leave a choice
or are all right; and there, not finite is not finite, whatever form it takes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from types import ModuleType
from typing import Any

import numpy as np

from grader.checks.descriptions import numeric
from grader.checks.outcomes import is_not_started
from grader.checks.reference import ReferenceCallee, quiet
from grader.checks.student import Callee
from grader.course import Course, Lesson
from grader.diagnosis.mistake_files import read_mistakes
from grader.diagnosis.mistakes import Mistake, combine_mistakes
from grader.diagnosis.probe_files import read_probes
from grader.diagnosis.probes import Probe, Reply, ask_all, ask_version, overflows, without_inf
from grader.diagnosis.step_lookup import ATOL, RTOL, StepLookup, Steps
from grader.diagnosis.variants import Variants, read_variants
from grader.diagnosis.version_files import VersionLoader
from grader.errors import CourseError


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """A known-wrong version of a lesson, and how it behaves."""

    mistakes: tuple[Mistake, ...]  # the one to mend first comes first
    make_module: Callable[[], ModuleType]
    breaks: frozenset[str]  # functions that do not behave like the reference's
    replies: Callable[[str], Sequence[Reply]]  # of a function, in the order of its probes

    @property
    def mistake(self) -> Mistake:
        """All its mistakes as one."""
        return combine_mistakes(self.mistakes)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of its mistakes."""
        return frozenset(mistake.id for mistake in self.mistakes)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What explains a function's replies."""

    versions: list[Version]  # all of the same mistakes; empty if nothing does, or too much
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
        mistakes = read_mistakes(course, lesson)
        self._variants = read_variants(course, lesson, references)
        probes = read_probes(course, lesson, calls) if mistakes or self._variants else []
        #: The probes of each function.
        self.probes: dict[str, list[Probe]] = {name: [] for name in self.functions}
        for probe in probes:
            self.probes.setdefault(probe.function, []).append(probe)
        self._right = self._behaviour(reference)
        self._of_files: list[Version] = []
        self._of_steps: dict[Steps, Version] = {}
        #: By function: its wrong steps, alone and in pairs; made when first needed.
        self._lookups: dict[str, Sequence[StepLookup]] = {}
        self._telling_less: dict[tuple[Version, frozenset[str]], Version] = {}
        loader = VersionLoader(course, lesson, references)
        for mistake in mistakes:
            for file in mistake.files:
                make = partial(loader.load, file)
                replies = self._behaviour(make())
                breaks = self._broken(replies)
                self._of_files.append(Version((mistake,), make, breaks, replies.__getitem__))
        if self._variants is not None:
            self._learn_steps(self._variants)
        #: The versions with one mistake.
        self.versions = [*self._of_files, *self._of_steps.values()]

    def _learn_steps(self, variants: Variants) -> None:
        with variants.briefly() as module:
            for name, replies in self._behaviour(module).items():
                if self._is_wrong(name, replies):
                    raise CourseError(
                        f"{variants.where}: `{name}`, in right steps alone, does not do what the "
                        "solution does"
                    )
        for wrong in variants.wrong_steps:
            with variants.briefly(wrong) as module:
                breaks = self._broken(self._behaviour(module))
            # There are hundreds; their replies take more memory than time.
            ask = partial(self._replies, variants, (wrong,))
            make = partial(variants.module_of, wrong)
            self._of_steps[wrong,] = Version((variants.mistakes[wrong.mistake],), make, breaks, ask)

    def _replies(self, variants: Variants, steps: Steps, name: str) -> list[Reply]:
        with variants.briefly(*steps) as module, quiet():
            return [ask_version(ReferenceCallee(module), probe) for probe in self.probes[name]]

    def _broken(self, replies: Mapping[str, Sequence[Reply]]) -> frozenset[str]:
        """The functions that do not reply like the reference's."""
        return frozenset(name for name in replies if self._is_wrong(name, replies[name]))

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

    def explaining(self, name: str, replies: Sequence[Reply]) -> Explanation:
        """The versions of the same mistakes that explain these replies to a function's probes."""
        nothing = Explanation([], in_corners=False)
        if any(is_not_started(reply.error) for reply in replies):
            return nothing
        probes, right = self.probes[name], self._right[name]
        corners = [probe.corner for probe in probes]
        all_right = _changed(replies, corners) == _changed(right, corners) and all(
            _agree(mine, due)
            for mine, due, corner in zip(replies, right, corners, strict=True)
            if not corner
        )
        if all_right:
            if all(
                _agree_in_corner(mine, due)
                for mine, due, corner in zip(replies, right, corners, strict=True)
                if corner
            ):
                return nothing
        elif not any(
            reply.error is None and (reply.changed or not _agree(reply, due))
            for reply, due, corner in zip(replies, right, corners, strict=True)
            if not corner
        ):
            return nothing  # it raises wherever it is wrong, as much code does

        def agrees(others: Sequence[Reply]) -> bool:
            return _changed(replies, corners) == _changed(others, corners) and all(
                _agree(mine, other)
                for mine, other, corner in zip(replies, others, corners, strict=True)
                if not corner
            )

        def agrees_in_corners(version: Version) -> bool:
            return all(
                _agree_in_corner(mine, other)
                for mine, other, corner in zip(replies, version.replies(name), corners, strict=True)
                if corner
            )

        alike = [
            version
            for version in self._maybe_alike(name, replies, together=1)
            if name in version.breaks and agrees(version.replies(name))
        ]
        if not alike and not all_right:
            pairs = self._maybe_alike(name, replies, together=2)
            alike = [version for version in pairs if agrees(version.replies(name))]
        # Wrong in a corner, if anywhere; or corners tell apart what ordinary probes do not.
        in_corners = all_right or len({version.ids for version in alike}) > 1
        if in_corners:
            alike = [version for version in alike if agrees_in_corners(version)]
        shared = frozenset.intersection(*(version.ids for version in alike)) if alike else None
        if not shared:
            return nothing
        return Explanation([self._telling(it, shared) for it in alike], in_corners)

    def _telling(self, version: Version, ids: frozenset[str]) -> Version:
        """The version, of which only these mistakes are told."""
        if version.ids == ids:
            return version
        if (version, ids) not in self._telling_less:
            mistakes = tuple(it for it in version.mistakes if it.id in ids)
            self._telling_less[version, ids] = replace(version, mistakes=mistakes)
        return self._telling_less[version, ids]

    def _maybe_alike(
        self, name: str, replies: Sequence[Reply], *, together: int
    ) -> Iterator[Version]:
        """The versions that may reply like this to the ordinary probes of a function.

        Args:
            name: of the function.
            replies: of a student's.
            together: how many mistakes a version makes: 1 or 2.
        """
        if together == 1:
            yield from self._of_files
        if self._variants is None:
            return
        probes, right = self.probes[name], self._right[name]
        if name not in self._lookups:
            alone = [
                steps
                for steps, version in self._of_steps.items()
                if len(steps) == 1 and name in version.breaks
            ]
            pairs = [
                (one, other)
                for (one,), (other,) in combinations(alone, 2)
                if one.step != other.step and one.mistake != other.mistake
            ]
            self._lookups[name] = [
                StepLookup(self._variants, several, probes) for several in (alone, pairs)
            ]
        order = sorted(
            (place for place, probe in enumerate(probes) if not probe.corner),
            key=lambda place: (
                replies[place].error is not None or _agree(replies[place], right[place])
            ),
        )
        for steps in self._lookups[name][together - 1].like(replies, order, _agree):
            yield self._version_of(self._variants, steps)

    def _version_of(self, variants: Variants, steps: Steps) -> Version:
        if steps not in self._of_steps:
            versions = [self._of_steps[step,] for step in steps]
            self._of_steps[steps] = Version(
                tuple(mistake for version in versions for mistake in version.mistakes),
                partial(variants.module_of, *steps),
                frozenset().union(*(version.breaks for version in versions)),
                partial(self._replies, variants, steps),
            )
        return self._of_steps[steps]


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
    """The same, or not finite in the same places, whether it shows as nan, inf or an exception.

    An exception of another sort, as of a wrong dtype, is no overflow.
    """
    if one.error is None and other.error is None:
        return _same(without_inf(one.value), without_inf(other.value))
    if overflows(one) or overflows(other):
        return overflows(one) and overflows(other)
    return _agree(one, other)


def _same(one: Any, other: Any) -> bool:
    """Whether two plain values are equal up to rounding, whatever holds the numbers."""
    first, second = numeric(one), numeric(other)
    if first is not None and second is not None:
        return first.shape == second.shape and bool(
            np.allclose(first, second, rtol=RTOL, atol=ATOL, equal_nan=True)
        )
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return one is None and other is None
