"""Names for what went wrong: a failed check gets the known mistake that explains it, if one does.

A mistake is named where it is made. A check of a function that goes wrong only because it calls
the one with the mistake is skipped, as built on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import ModuleType

from grader.collection import with_next
from grader.course import Lesson
from grader.diagnosis import KnownMistakes, Version, quiet
from grader.findings import label, list_titles
from grader.rehearsal import Rehearsal
from grader.results import CheckResult, Status
from grader.runner import Runner
from grader.sandbox.session import Session
from grader.student import ReferenceCallee


class Namer:
    """Names the mistakes of one student after the other."""

    def __init__(
        self, runner: Runner, rehearsal: Rehearsal, references: Mapping[str, ModuleType]
    ) -> None:
        self._runner = runner
        self._rehearsal = rehearsal
        self._references = references
        # Learned at the first failure in a lesson: whoever is right pays nothing.
        self._known: dict[str, KnownMistakes] = {}
        self._failing: dict[Version, frozenset[str]] = {}

    def name(
        self, lesson: Lesson, results: Sequence[CheckResult], session: Session
    ) -> list[CheckResult]:
        """Name what a known mistake explains.

        Args:
            lesson: that was graded.
            results: what its checks ended with.
            session: in which they ran; the student's functions are called a few times more.

        Raises:
            CourseError: the known mistakes of the lesson are no good.
        """
        failed = [result for result in results if result.status is Status.FAILED]
        if not failed:
            return list(results)
        known = self._known_mistakes(lesson)
        called = self._rehearsal.functions[lesson.id]
        concerned = {name for result in failed for name in called[result.check]}
        functions = [name for name in known.functions if name in concerned]
        session.begin("")
        matches = known.match(session, functions)
        explained = {
            result.check: version
            for result in failed
            if (version := self._explanation(lesson, called[result.check], result, matches))
        }
        roots: dict[str, list[CheckResult]] = {}  # by mistake: the failed checks of its function
        for name in functions:  # in the order in which they are defined
            for version in matches.get(name, ())[:1]:
                mine = [
                    result
                    for result in failed
                    if name in called[result.check]
                    and result.check in explained
                    and explained[result.check].mistake is version.mistake
                ]
                if mine:
                    roots.setdefault(version.mistake.id, mine)
        return [_named(result, explained.get(result.check), roots) for result in results]

    def _known_mistakes(self, lesson: Lesson) -> KnownMistakes:
        if lesson.id not in self._known:
            calls = [call for own in self._rehearsal.calls[lesson.id].values() for call in own]
            self._known[lesson.id] = KnownMistakes(
                self._runner.course, lesson, self._references, calls
            )
        return self._known[lesson.id]

    def _explanation(
        self,
        lesson: Lesson,
        called: Sequence[str],
        result: CheckResult,
        matches: Mapping[str, Sequence[Version]],
    ) -> Version | None:
        """The version that fails this check as the student does; None if it is not clear."""
        candidates: dict[str, Version] = {}
        for version in _unique(version for name in called for version in matches.get(name, ())):
            # Whatever it breaks of what the check calls must be broken the same way.
            broken = [name for name in called if name in version.breaks]
            same = all(
                any(match.mistake is version.mistake for match in matches.get(name, ()))
                for name in broken
            )
            if same and result.check in self._failed_by(lesson, version):
                candidates.setdefault(version.mistake.id, version)
        return next(iter(candidates.values())) if len(candidates) == 1 else None

    def _failed_by(self, lesson: Lesson, version: Version) -> frozenset[str]:
        """Names of the checks that a known-wrong version does not pass."""
        if version not in self._failing:
            solution = self._references[lesson.id]
            failing: list[str] = []
            for check, following in with_next(self._runner.checks[lesson.id]):
                callee = ReferenceCallee(version.module)
                with quiet():
                    error = self._runner.run(check, following, callee, solution)
                if error is not None:
                    failing.append(check.name)
            self._failing[version] = frozenset(failing)
        return self._failing[version]


def _unique(versions: Iterable[Version]) -> list[Version]:
    return list(dict.fromkeys(versions))


def _named(
    result: CheckResult, version: Version | None, roots: Mapping[str, Sequence[CheckResult]]
) -> CheckResult:
    if version is None:
        return result
    mistake = version.mistake
    own = roots[mistake.id]
    if result not in own:
        return replace(
            result, status=Status.SKIPPED, message=f"builds on {list_titles([own[0].title])}"
        )
    message = "\n".join(filter(None, (result.message, label("looks like", mistake.effect))))
    return replace(result, message=message, misconception=mistake.id, hint=mistake.hints[0])
