"""Names for what went wrong: a failed check gets the known mistake that explains it, if one does.

A mistake is named where it is made. A check of a function that goes wrong only because it calls
the one with the mistake is skipped, as built on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from grader.checks.course_checks import CourseChecks
from grader.checks.outcomes import name_what_it_builds_on
from grader.course import Lesson
from grader.diagnosis.known import KnownMistakes, Version
from grader.diagnosis.misconceptions import Misconception
from grader.diagnosis.retrial import Retrial
from grader.diagnosis.sealed import Opened, SealedMistakes
from grader.results import CheckResult, Status
from grader.sandbox.session import ProgramText, Session


class Namer:
    """Names the mistakes of one student after the other."""

    def __init__(self, checks: CourseChecks, retrial: Retrial) -> None:
        self._checks = checks
        self._retrial = retrial
        #: The mistakes that :meth:`name` has named last, by id.
        self.named: dict[str, Misconception] = {}
        # Learned at the first failure in a lesson: whoever is right pays nothing.
        self._known: dict[str, KnownMistakes | SealedMistakes] = {}
        self._failing: dict[Version, frozenset[str]] = {}

    def name(
        self,
        lesson: Lesson,
        programs: Mapping[str, ProgramText],
        weak: Sequence[str],
        results: Sequence[CheckResult],
        session: Session,
    ) -> list[CheckResult]:
        """Name what a known mistake explains.

        Args:
            lesson: that was graded.
            programs: it and the earlier lessons that it may import.
            weak: those of them that are wrong by themselves.
            results: what its checks ended with.
            session: in which they ran; the student's functions are called a few times more.

        Raises:
            CourseError: the known mistakes of the lesson are no good.
        """
        self.named = {}
        failed = [result for result in results if result.status is Status.FAILED]
        if not failed:
            return list(results)
        known = self._known_mistakes(lesson)
        called = self._called(lesson)
        concerned = {name for result in failed for name in called[result.check]}
        functions = [name for name in known.functions if name in concerned]
        matches = self._matches(lesson, programs, weak, functions, session)
        explained = {
            result.check: version
            for result in failed
            if (version := self._explanation(lesson, called[result.check], result, matches))
        }
        naming = _Naming(functions, called, failed, explained)
        self.named = naming.mistakes
        outcome = {result.check: naming.results.get(result.check, result) for result in results}
        if lesson.released:  # there is nothing to put in the place of what is wrong
            return list(outcome.values())
        others_right = self._retrial.with_lessons(programs, weak)
        carried = self._carried(lesson, others_right, session, naming.makers, outcome.values())
        for name in carried:
            outcome[name] = _built_on(outcome[name], list(naming.roots.values()))
        return list(outcome.values())

    def _matches(
        self,
        lesson: Lesson,
        programs: Mapping[str, ProgramText],
        weak: Sequence[str],
        functions: Collection[str],
        session: Session,
    ) -> Mapping[str, Sequence[Version]] | Mapping[str, Sequence[Opened]]:
        """For each function that a known mistake explains, the versions that do.

        A weak earlier lesson, imported, would show in every reply: ours takes its place.
        """
        known = self._known_mistakes(lesson)
        if weak and isinstance(known, KnownMistakes):
            session.close()  # one worker at a time
            others_right = self._retrial.with_lessons(programs, weak)
            return self._retrial.matches(lesson, others_right, known, functions)
        session.begin("")
        return known.match(session, functions)

    def _carried(
        self,
        lesson: Lesson,
        programs: Mapping[str, ProgramText],
        session: Session,
        makers: Sequence[str],
        results: Collection[CheckResult],
    ) -> frozenset[str]:
        """Failed checks that only need the functions with a named mistake to be right."""
        called = self._called(lesson)
        unexplained = [
            result.check
            for result in results
            if result.status is Status.FAILED
            and result.misconception is None
            and not set(makers) & set(called[result.check])
        ]
        if not makers or not unexplained:
            return frozenset()
        session.close()  # one worker at a time
        repaired = self._retrial.with_functions(programs, lesson, makers)
        return self._retrial.passed(lesson, repaired, unexplained) or frozenset()

    def _called(self, lesson: Lesson) -> Mapping[str, Sequence[str]]:
        """The functions that each check calls."""
        known = self._known_mistakes(lesson)
        if isinstance(known, SealedMistakes):
            return defaultdict(tuple, known.called)
        rehearsed = self._checks[lesson.id].rehearsed
        return {name: check.functions for name, check in rehearsed.items()}

    def _known_mistakes(self, lesson: Lesson) -> KnownMistakes | SealedMistakes:
        if lesson.id not in self._known and lesson.released:
            self._known[lesson.id] = SealedMistakes(self._checks.course, lesson)
        elif lesson.id not in self._known:
            rehearsed = self._checks[lesson.id].rehearsed.values()
            calls = [call for check in rehearsed for call in check.calls]
            self._known[lesson.id] = KnownMistakes(
                self._checks.course, lesson, self._checks.references, calls
            )
        return self._known[lesson.id]

    def _explanation(
        self,
        lesson: Lesson,
        called: Sequence[str],
        result: CheckResult,
        matches: Mapping[str, Sequence[Version]] | Mapping[str, Sequence[Opened]],
    ) -> Version | Opened | None:
        """The version that fails this check as the student does; None if it is not clear."""
        candidates: dict[str, Version | Opened] = {}
        for version in _unique(version for name in called for version in matches.get(name, ())):
            # Whatever it breaks of what the check calls must be broken the same way.
            broken = [name for name in called if name in version.breaks]
            same = all(
                any(match.mistake.id == version.mistake.id for match in matches.get(name, ()))
                for name in broken
            )
            if same and result.check in self._failed_by(lesson, version):
                candidates.setdefault(version.mistake.id, version)
        return next(iter(candidates.values())) if len(candidates) == 1 else None

    def _failed_by(self, lesson: Lesson, version: Version | Opened) -> frozenset[str]:
        """Names of the checks that a known-wrong version does not pass."""
        if isinstance(version, Opened):
            return version.fails
        if version not in self._failing:
            self._failing[version] = self._checks[lesson.id].failed_by(version.module)
        return self._failing[version]


class _Naming:
    """What becomes of failed checks that a known mistake explains.

    A mistake is named at the checks of the first function that makes it. Those of later functions,
    which only call that one, are built on it.
    """

    def __init__(
        self,
        functions: Sequence[str],
        called: Mapping[str, Sequence[str]],
        failed: Sequence[CheckResult],
        explained: Mapping[str, Version | Opened],
    ) -> None:
        """Name what can be named.

        Args:
            functions: in the order in which they are defined.
            called: the functions that each check calls.
            failed: the checks that did.
            explained: the known-wrong version that explains a check, where one does.
        """
        self.mistakes: dict[str, Misconception] = {}  # that were named, by id
        self.makers: list[str] = []  # functions with a mistake of their own
        self.roots: dict[str, CheckResult] = {}  # by mistake: the first check that names it
        self.results: dict[str, CheckResult] = {}  # of what is explained, by check
        for name in functions:
            mine = [
                result
                for result in failed
                if name in called[result.check]
                and result.check in explained
                and explained[result.check].mistake.id not in self.roots
            ]
            for result in mine:
                mistake = explained[result.check].mistake
                self.mistakes[mistake.id] = mistake
                self.results[result.check] = _named(result, mistake)
            if mine:
                self.makers.append(name)
                self.roots.update({explained[it.check].mistake.id: it for it in reversed(mine)})
        for result in failed:
            if result.check in explained and result.check not in self.results:
                root = self.roots[explained[result.check].mistake.id]
                self.results[result.check] = _built_on(result, [root])


def _unique(versions: Iterable[Version | Opened]) -> list[Version | Opened]:
    return list(dict.fromkeys(versions))


def _named(result: CheckResult, mistake: Misconception) -> CheckResult:
    return replace(
        result,
        misconception=mistake.id,
        hint=mistake.hints[0],
        effect=mistake.effect,
    )


def _built_on(result: CheckResult, roots: Sequence[CheckResult]) -> CheckResult:
    rows = name_what_it_builds_on([root.title for root in roots])
    return replace(result, status=Status.SKIPPED, rows=rows, picture=None, excerpt=None)
