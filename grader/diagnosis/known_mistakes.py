"""Finds the known mistake that behaves just like a student's code.

A student's functions are called on probes, on which all known mistakes of the lesson differ. The
replies are compared with those of the reference and of each known-wrong version. A mistake is named
for a function only if it explains every reply, and no other mistake does. It explains a reply if
both look the same (see :mod:`.reply_digests`) and changed the same arguments. If no single mistake
explains all replies, two or three together may; the fewest count. If several sets of mistakes do,
only the mistakes in all of them are named.

There are two kinds of probes. On *ordinary* ones, all code with the same mistake returns the same
values. In *corners* (huge scores, vectors of zeros, lists) it may not: one student's code overflows
to nan, another's raises OverflowError. So corners count only if the ordinary replies are all right,
or fit several mistakes. There nan, inf and an overflow error are the same.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import combinations
from types import ModuleType
from typing import Final

from grader.checks.outcomes import is_not_started
from grader.checks.reference import ReferenceCallee, quiet
from grader.checks.student import Callee
from grader.course import Course, Lesson
from grader.diagnosis.agreement import agree
from grader.diagnosis.evidence.altered_calls import AlteredCalls
from grader.diagnosis.evidence.common_findings import find_evidence
from grader.diagnosis.evidence.observations import Observation
from grader.diagnosis.evidence.refusals import name_wrong_exception
from grader.diagnosis.evidence.rule_files import read_evidence
from grader.diagnosis.mistake_files import read_mistakes
from grader.diagnosis.mistake_matcher import MistakeMatcher
from grader.diagnosis.mistakes import Mistake, combine_mistakes
from grader.diagnosis.probe_files import decode_calls, read_probes
from grader.diagnosis.probes import Probe, Reply, ask_all, ask_version
from grader.diagnosis.reply_digests import (
    EXCEPTIONS,
    ReplyDigests,
    digest_reply,
    digest_version,
)
from grader.diagnosis.variants import Steps, Variants, read_variants
from grader.diagnosis.version_files import VersionLoader
from grader.diagnosis.version_lookup import VersionLookup
from grader.errors import CourseError

#: The most combinations of a function's mistakes that are tried; that takes about a second.
_AFFORDABLE: Final = 12_000


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """A known-wrong version of a lesson, and how it behaves."""

    mistakes: tuple[Mistake, ...]  # the one to mend first comes first
    make_module: Callable[[], ModuleType]
    breaks: frozenset[str]  # functions that do not behave like the reference's
    ask: Callable[[str, int], Reply]  # its reply, by function and place of the probe
    parts: tuple[Version, ...] = ()  # those with one mistake each, if it has several

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
    """The versions that explain a function's replies."""

    versions: list[Version]  # all with the same mistakes; empty if none explains them, or too many
    in_corners: bool  # whether the replies in corners decided it


class KnownMistakes(MistakeMatcher[Version]):
    """All known mistakes of a lesson, and the probes that tell them apart."""

    def __init__(
        self,
        course: Course,
        lesson: Lesson,
        references: Mapping[str, ModuleType],
        calls: Iterable[bytes],
    ) -> None:
        """Read all mistakes, and find out how each of them behaves.

        Args:
            course: the lesson's.
            lesson: whose mistakes are read.
            references: the solution of each lesson, by id.
            calls: the calls of the lesson's checks, encoded. They are its probes if it has no file.

        Raises:
            CourseError: the known mistakes or the probes are wrong.
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
        #: The calls of the lesson's checks, if they are not its probes.
        self._calls: dict[str, list[Probe]] = {}
        for probe in decode_calls(calls) if lesson.probes.is_file() else ():
            self._calls.setdefault(probe.function, []).append(probe)
        probes = read_probes(course, lesson, calls)
        #: The probes of each function.
        self.probes: dict[str, list[Probe]] = {name: [] for name in self.functions}
        for probe in probes:
            self.probes.setdefault(probe.function, []).append(probe)
        self._right = {
            name: [self._ask_module(reference, name, place) for place in range(len(probes))]
            for name, probes in self.probes.items()
        }
        self._right_digests = {
            name: digest_version(probes, self._right[name].__getitem__)
            for name, probes in self.probes.items()
        }
        self._digests: dict[tuple[Version, str], ReplyDigests | None] = {}
        self._of_files: list[Version] = []
        self._of_steps: dict[Steps, Version] = {}
        #: By function and number of mistakes; made when first needed.
        self._lookups: dict[tuple[str, int], VersionLookup[Version] | VersionLookup[Steps]] = {}
        #: By function: what the evidence is compared with, which is the same for every student.
        self._altered_calls: dict[str, AlteredCalls] = {}
        self._right_replies: dict[str, list[Reply]] = {}
        self._with_only_some: dict[tuple[Version, frozenset[str]], Version] = {}
        loader = VersionLoader(course, lesson, references)
        for mistake in mistakes:
            for file in mistake.files:
                make = partial(loader.load, file)
                ask = cache(partial(self._ask_module, make()))
                self._of_files.append(Version((mistake,), make, self._broken_by(ask), ask))
        if self._variants is not None:
            self._learn_steps(self._variants)
        #: The versions with one mistake.
        self.versions = [*self._of_files, *self._of_steps.values()]

    def _learn_steps(self, variants: Variants) -> None:
        with variants.briefly() as module:
            broken = self._broken_by(partial(self._ask_module, module))
        for name in self.probes:
            if name in broken:
                raise CourseError(
                    f"{variants.where}: `{name}`, in right steps alone, does not do what the "
                    "solution does"
                )
        for wrong in variants.wrong_steps:
            # There are hundreds of them. To ask them again takes less than to keep their replies.
            ask = partial(self._ask_steps, variants, (wrong,))
            make = partial(variants.module_of, wrong)
            breaks = self._broken_by(ask)
            self._of_steps[wrong,] = Version((variants.mistakes[wrong.mistake],), make, breaks, ask)

    def _ask_steps(self, variants: Variants, steps: Steps, name: str, place: int) -> Reply:
        with variants.briefly(*steps) as module:
            return self._ask_module(module, name, place)

    def _ask_module(self, module: ModuleType, name: str, place: int) -> Reply:
        with quiet():
            return ask_version(ReferenceCallee(module), self.probes[name][place])

    def replies(self, version: Version, name: str) -> list[Reply]:
        """The replies of a function of this version to its probes."""
        return [version.ask(name, place) for place in range(len(self.probes[name]))]

    def _broken_by(self, ask: Callable[[str, int], Reply]) -> frozenset[str]:
        """The functions of a version that do not reply as the reference's do."""
        return frozenset(
            name
            for name, probes in self.probes.items()
            if self.is_wrong(name, map(partial(ask, name), range(len(probes))))
        )

    def is_breakable(self, name: str) -> bool:
        """Whether a known mistake breaks this function."""
        return any(name in version.breaks for version in self.versions)

    def evidence(self, name: str, callee: Callee) -> str | None:
        """What the values of a function show, in words; see :mod:`grader.diagnosis.evidence`.

        Args:
            name: of the function. No known mistake explains its replies.
            callee: runs the student's functions.

        Returns:
            Words that complete "looks like …", or an empty text. None if all values are right, or
            there are none.
        """
        asked = [*self._calls.get(name, ()), *self.probes[name]]
        replies = ask_all(callee, [*asked, *asked[:1]])  # the first of them once more
        if not replies or any(is_not_started(reply.error) for reply in replies):
            return None
        if not agree(replies[0], replies[-1]):
            return "another answer when the same call comes again"
        reference = ReferenceCallee(self._reference)
        parameters = list(inspect.signature(getattr(self._reference, name)).parameters)
        if name not in self._altered_calls:
            self._altered_calls[name] = AlteredCalls(
                lambda arguments: reference.call(name, **arguments).value
            )
        with quiet():
            if name not in self._right_replies:
                self._right_replies[name] = [ask_version(reference, probe) for probe in asked]
            compared = list(zip(asked, self._right_replies[name], replies, strict=False))
            observations = [
                Observation(
                    {**dict(zip(parameters, probe.args, strict=False)), **probe.kwargs},
                    due.value,
                    reply.value,
                    raised=reply.error is not None,
                )
                for probe, due, reply in compared
                if due.error is None and not _is_refusal(probe, reply)
            ]
            if all(call.is_right for call in observations):
                return name_wrong_exception(
                    (due.error, reply.error) for probe, due, reply in compared if not probe.corner
                )
            altered, rules = self._altered_calls[name], self._rules.get(name, ())
            return find_evidence(observations, altered, rules) or ""

    def is_wrong(self, name: str, replies: Iterable[Reply]) -> bool:
        """Whether a function does not reply to its probes as the reference's does.

        Args:
            name: of the function.
            replies: to all its probes; none is taken behind the first that is wrong.
        """
        right = self._right[name]
        changed: frozenset[int | str] = frozenset()
        for reply, due in zip(replies, right, strict=True):
            if not agree(reply, due):
                return True
            changed |= reply.changed
        return changed != _changed(right)

    def versions_like(self, name: str, replies: ReplyDigests) -> Sequence[Version]:
        """The wrong versions with the mistake that explains the replies of a function; or none."""
        return self.explaining(name, replies).versions

    def explaining(self, name: str, replies: ReplyDigests) -> Explanation:
        """Find the versions that explain the replies of a function to its probes."""
        nothing = Explanation([], in_corners=False)
        right = self._right_digests[name]
        if right is None:
            return nothing
        all_right = replies.look_like(right)
        if all_right:
            if replies.look_like_in_corners(right):
                return nothing
        elif not replies.changed and all(
            due in own or own[0] in EXCEPTIONS
            for own, (due, *_) in zip(replies.each, right.each, strict=True)
        ):
            return nothing  # it raises wherever it is wrong, as much code does

        alike: list[Version] = []
        for together in (1,) if all_right else (1, 2, 3):
            alike = alike or self._alike(name, replies, together)
        # Wrong in a corner, if anywhere; or corners tell apart what ordinary probes do not.
        in_corners = all_right or len({version.ids for version in alike}) > 1
        if in_corners:
            alike = [
                version
                for version in alike
                if (theirs := self.digests(version, name)) and replies.look_like_in_corners(theirs)
            ]
        shared = frozenset.intersection(*(version.ids for version in alike)) if alike else None
        if not shared:
            return nothing
        return Explanation([self._with_only(version, shared) for version in alike], in_corners)

    def _with_only(self, version: Version, ids: frozenset[str]) -> Version:
        """The same version, with only these of its mistakes."""
        if version.ids == ids:
            return version
        if (version, ids) not in self._with_only_some:
            mistakes = tuple(mistake for mistake in version.mistakes if mistake.id in ids)
            self._with_only_some[version, ids] = replace(version, mistakes=mistakes)
        return self._with_only_some[version, ids]

    def _alike(self, name: str, replies: ReplyDigests, together: int) -> list[Version]:
        """The versions that reply like this to the ordinary probes of a function.

        Args:
            name: of the function.
            replies: of the student's function.
            together: the number of mistakes in a version.
        """
        if (name, together) not in self._lookups:
            self._lookups[name, together] = self._look_up(name, together)
        alike = self._lookups[name, together].like(replies.each)
        versions = [one if isinstance(one, Version) else self.version_of(one) for one in alike]
        return [
            version
            for version in versions
            if (theirs := self.digests(version, name)) and replies.look_like(theirs)
        ]

    def digests(self, version: Version, name: str) -> ReplyDigests | None:
        """The digests of a version's replies to the probes of a function; it is asked once."""
        key = (version, name)
        if key not in self._digests:
            self._digests[key] = digest_version(self.probes[name], partial(version.ask, name))
        return self._digests[key]

    def _look_up(self, name: str, together: int) -> VersionLookup[Version] | VersionLookup[Steps]:
        """The versions with so many mistakes that may break this function."""
        places = [place for place, probe in enumerate(self.probes[name]) if not probe.corner]

        def ask(version: Version, number: int) -> bytes | None:
            if (version, name) in self._digests:
                digests = self._digests[version, name]
                return digests.each[number][0] if digests else None
            return digest_reply(version.ask(name, places[number]))

        if together == 1:
            return VersionLookup([one for one in self.versions if name in one.breaks], ask)
        variants = self._variants
        if variants is None:
            return VersionLookup[Steps]([], lambda steps, number: None)
        # There are too many triples with every coding.
        several = self._combinations(name, together, one_coding=together > 2)

        def ask_steps(steps: Steps, number: int) -> bytes | None:
            if version := self._of_steps.get(steps):
                return ask(version, number)
            return digest_reply(self._ask_steps(variants, steps, name, places[number]))

        return VersionLookup(several if len(several) <= _AFFORDABLE else [], ask_steps)

    def _combinations(self, name: str, together: int, *, one_coding: bool) -> list[Steps]:
        """So many wrong steps that may break a function; of each mistake, all or one coding."""
        wrong = [
            step
            for (step, *others), version in self._of_steps.items()
            if not others and name in version.breaks
        ]
        if one_coding:
            wrong = list({(step.step, step.mistake): step for step in reversed(wrong)}.values())
            wrong.reverse()
        return [
            steps
            for steps in combinations(wrong, together)
            if len({step.step for step in steps}) == together
            and len({step.mistake for step in steps}) == together
        ]

    def breaking(self, name: str) -> Iterator[Version]:
        """The versions with one mistake that break a function; then pairs, in one coding each."""
        yield from (version for version in self.versions if name in version.breaks)
        yield from map(self.version_of, self._combinations(name, 2, one_coding=True))

    def count_versions(self, name: str) -> int:
        """How many wrong versions of a function have been asked so far."""
        return sum(
            lookup.size for (function, _), lookup in self._lookups.items() if function == name
        )

    def version_of(self, steps: Steps) -> Version:
        """The lesson with these steps wrong."""
        if steps not in self._of_steps:
            assert self._variants is not None
            versions = [self._of_steps[step,] for step in steps]
            self._of_steps[steps] = Version(
                tuple(mistake for version in versions for mistake in version.mistakes),
                partial(self._variants.module_of, *steps),
                frozenset().union(*(version.breaks for version in versions)),
                partial(self._ask_steps, self._variants, steps),
                tuple(versions),
            )
        return self._of_steps[steps]


def _is_refusal(probe: Probe, reply: Reply) -> bool:
    """Whether a reply is no value of a corner, which right code may refuse, as lists."""
    return probe.corner and reply.error is not None and not isinstance(reply.error, ArithmeticError)


def _changed(replies: Sequence[Reply]) -> frozenset[int | str]:
    """The arguments that were modified on any probe."""
    return frozenset().union(*(reply.changed for reply in replies))
