"""Which known mistake behaves just like this student's code?

A student's functions are called on probes, inputs on which all known mistakes of the lesson
differ, and what comes back is compared with what the reference and each known-wrong version give.
A mistake is named for a function only when it explains every reply, and no other does: same
arrays, up to rounding; same arguments changed; an exception where it raises one. Where no mistake
alone explains them, two or three together may: the smallest number wins. Where several do, they are
named by what they share.

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
from typing import Final

from grader.checks.outcomes import is_not_started
from grader.checks.reference import ReferenceCallee, quiet
from grader.checks.student import Callee
from grader.course import Course, Lesson
from grader.diagnosis.agreement import agree, agree_in_corner
from grader.diagnosis.evidence.common_findings import find_evidence
from grader.diagnosis.evidence.observations import Observation
from grader.diagnosis.evidence.rule_files import read_evidence
from grader.diagnosis.mistake_files import read_mistakes
from grader.diagnosis.mistakes import Mistake, combine_mistakes
from grader.diagnosis.probe_files import decode_calls, read_probes
from grader.diagnosis.probes import Probe, Reply, ask_all, ask_version
from grader.diagnosis.variants import Steps, Variants, read_variants
from grader.diagnosis.version_files import VersionLoader
from grader.diagnosis.version_lookup import VersionLookup
from grader.errors import CourseError

#: So many combinations of a function's mistakes are asked a probe, in about half a second.
_AFFORDABLE: Final = 8_000


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """A known-wrong version of a lesson, and how it behaves."""

    mistakes: tuple[Mistake, ...]  # the one to mend first comes first
    make_module: Callable[[], ModuleType]
    breaks: frozenset[str]  # functions that do not behave like the reference's
    ask: Callable[[str, int], Reply]  # a function, at one of its probes

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
        self._reference = reference = references[lesson.id]
        calls = list(calls)
        #: The lesson's functions in the order in which they are defined.
        self.functions = tuple(
            name
            for name, value in vars(reference).items()
            if inspect.isfunction(value) and value.__module__ == reference.__name__
        )
        mistakes = read_mistakes(course, lesson)
        self._variants = read_variants(course, lesson, references)
        self._rules = read_evidence(course, lesson)
        #: What the lesson's checks call, where that is something else than the probes.
        self._calls: dict[str, list[Probe]] = {}
        for probe in decode_calls(calls) if lesson.probes.is_file() else ():
            self._calls.setdefault(probe.function, []).append(probe)
        probes = read_probes(course, lesson, calls)
        #: The probes of each function.
        self.probes: dict[str, list[Probe]] = {name: [] for name in self.functions}
        for probe in probes:
            self.probes.setdefault(probe.function, []).append(probe)
        self._right = self._behaviour(reference)
        self._of_files: list[Version] = []
        self._of_steps: dict[Steps, Version] = {}
        #: By function, and how many mistakes are made together; made when first needed.
        self._lookups: dict[tuple[str, int], VersionLookup[Version] | VersionLookup[Steps]] = {}
        self._telling_less: dict[tuple[Version, frozenset[str]], Version] = {}
        loader = VersionLoader(course, lesson, references)
        for mistake in mistakes:
            for file in mistake.files:
                make = partial(loader.load, file)
                replies = self._behaviour(make())
                breaks = self._broken(replies)
                ask = partial(_recall, replies)
                self._of_files.append(Version((mistake,), make, breaks, ask))
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
            ask = partial(self._ask_steps, variants, (wrong,))
            make = partial(variants.module_of, wrong)
            self._of_steps[wrong,] = Version((variants.mistakes[wrong.mistake],), make, breaks, ask)

    def _ask_steps(self, variants: Variants, steps: Steps, name: str, place: int) -> Reply:
        with variants.briefly(*steps) as module, quiet():
            return ask_version(ReferenceCallee(module), self.probes[name][place])

    def replies(self, version: Version, name: str) -> list[Reply]:
        """What a function of this version replies to its probes."""
        return [version.ask(name, place) for place in range(len(self.probes[name]))]

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
        for name in self._breakable(functions):
            replies = ask_all(callee, self.probes[name])
            if replies and (versions := self.explaining(name, replies).versions):
                found[name] = versions
        return found

    def foreseen(self, functions: Collection[str]) -> dict[str, list[bytes]]:
        """The calls that :meth:`match` makes, encoded; they belong to no check."""
        return {
            "": [probe.encoded() for it in self._breakable(functions) for probe in self.probes[it]]
        }

    def _breakable(self, functions: Iterable[str]) -> list[str]:
        """Those of the functions that a known mistake breaks."""
        return [it for it in functions if any(it in version.breaks for version in self.versions)]

    def evidence(self, name: str, callee: Callee) -> str | None:
        """What the values of a function say for themselves.

        Args:
            name: of the function. No known mistake explains what it does.
            callee: runs the student's.

        Returns:
            words that complete "looks like …", or nothing; None if its values are all right, or it
            gives none.
        """
        asked = [*self._calls.get(name, ()), *self.probes[name]]
        replies = ask_all(callee, [*asked, *asked[:1]])  # the first of them once more
        if not replies or any(is_not_started(reply.error) for reply in replies):
            return None
        if not agree(replies[0], replies[-1]):
            return "another answer when the same call comes again"
        reference = ReferenceCallee(self._reference)
        parameters = list(inspect.signature(getattr(self._reference, name)).parameters)

        def answer(arguments: Mapping[str, object]) -> object:
            return reference.call(name, **arguments).value

        with quiet():
            observations = [
                Observation(
                    {**dict(zip(parameters, probe.args, strict=False)), **probe.kwargs},
                    due.value,
                    reply.value,
                    raised=reply.error is not None,
                )
                for probe, reply in zip(asked, replies, strict=False)
                if (due := ask_version(reference, probe)).error is None
            ]
            if all(it.is_right for it in observations):
                return None
            return find_evidence(observations, answer, self._rules.get(name, ())) or ""

    def _behaviour(self, module: ModuleType) -> dict[str, list[Reply]]:
        callee = ReferenceCallee(module)
        with quiet():
            return {
                name: [ask_version(callee, probe) for probe in probes]
                for name, probes in self.probes.items()
            }

    def _is_wrong(self, name: str, replies: Sequence[Reply]) -> bool:
        right = self._right[name]
        return _changed(replies) != _changed(right) or not all(map(agree, replies, right))

    def explaining(self, name: str, replies: Sequence[Reply]) -> Explanation:
        """The versions of the same mistakes that explain these replies to a function's probes."""
        nothing = Explanation([], in_corners=False)
        if any(is_not_started(reply.error) for reply in replies):
            return nothing
        probes, right = self.probes[name], self._right[name]
        corners = [probe.corner for probe in probes]
        all_right = _changed(replies, corners) == _changed(right, corners) and all(
            agree(mine, due)
            for mine, due, corner in zip(replies, right, corners, strict=True)
            if not corner
        )
        if all_right:
            if all(
                agree_in_corner(mine, due)
                for mine, due, corner in zip(replies, right, corners, strict=True)
                if corner
            ):
                return nothing
        elif not any(
            reply.error is None and (reply.changed or not agree(reply, due))
            for reply, due, corner in zip(replies, right, corners, strict=True)
            if not corner
        ):
            return nothing  # it raises wherever it is wrong, as much code does

        alike: list[Version] = []
        for together in (1,) if all_right else (1, 2, 3):
            alike = alike or list(self._maybe_alike(name, replies, together))
        # Wrong in a corner, if anywhere; or corners tell apart what ordinary probes do not.
        in_corners = all_right or len({version.ids for version in alike}) > 1
        if in_corners:
            alike = [
                version
                for version in alike
                if all(
                    agree_in_corner(reply, version.ask(name, place))
                    for place, reply in enumerate(replies)
                    if corners[place]
                )
            ]
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

    def _maybe_alike(self, name: str, replies: Sequence[Reply], together: int) -> Iterator[Version]:
        """The versions that reply like this to the ordinary probes of a function.

        Args:
            name: of the function.
            replies: of a student's.
            together: how many mistakes a version makes.
        """
        probes, right = self.probes[name], self._right[name]
        if (name, together) not in self._lookups:
            self._lookups[name, together] = self._look_up(name, together)
        ordinary = [place for place, probe in enumerate(probes) if not probe.corner]
        order = sorted(
            ordinary,
            key=lambda place: (
                replies[place].error is not None or agree(replies[place], right[place])
            ),
        )
        changed = frozenset().union(*(replies[place].changed for place in ordinary))
        for found in self._lookups[name, together].like(replies, order):
            version = found if isinstance(found, Version) else self._version_of(found)
            theirs = (version.ask(name, place).changed for place in ordinary)
            if changed == frozenset().union(*theirs):
                yield version

    def _look_up(self, name: str, together: int) -> VersionLookup[Version] | VersionLookup[Steps]:
        """The versions in which so many mistakes together may break this function."""
        if together == 1:
            alone = [version for version in self.versions if name in version.breaks]
            return VersionLookup(alone, lambda version, place: version.ask(name, place))
        variants = self._variants
        if variants is None:
            return VersionLookup[Steps]([], lambda steps, place: Reply())
        wrong = [
            step
            for (step, *others), version in self._of_steps.items()
            if not others and name in version.breaks
        ]
        if together > 2:  # there are too many of them with every coding
            wrong = list({(step.step, step.mistake): step for step in reversed(wrong)}.values())
            wrong.reverse()
        several = [
            steps
            for steps in combinations(wrong, together)
            if len({step.step for step in steps}) == together
            and len({step.mistake for step in steps}) == together
        ]
        if len(several) > _AFFORDABLE:
            several = []
        return VersionLookup(
            several, lambda steps, place: self._ask_steps(variants, steps, name, place)
        )

    def _version_of(self, steps: Steps) -> Version:
        if steps not in self._of_steps:
            assert self._variants is not None
            versions = [self._of_steps[step,] for step in steps]
            self._of_steps[steps] = Version(
                tuple(mistake for version in versions for mistake in version.mistakes),
                partial(self._variants.module_of, *steps),
                frozenset().union(*(version.breaks for version in versions)),
                partial(self._ask_steps, self._variants, steps),
            )
        return self._of_steps[steps]


def _changed(
    replies: Sequence[Reply], corners: Sequence[bool] | None = None
) -> frozenset[int | str]:
    """The arguments that were changed on any probe."""
    corners = corners or [False] * len(replies)
    ordinary = (reply for reply, corner in zip(replies, corners, strict=True) if not corner)
    return frozenset().union(*(reply.changed for reply in ordinary))


def _recall(replies: Mapping[str, Sequence[Reply]], name: str, place: int) -> Reply:
    return replies[name][place]
