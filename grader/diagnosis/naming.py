"""Names for what went wrong: a failed check gets the known mistake that explains it, if one does.

A mistake is named where it is made. A check of a function that goes wrong only because it calls
the one with the mistake is skipped, as built on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from grader.checks.course_checks import CourseChecks
from grader.course import Lesson
from grader.diagnosis.failure_causes import FailureCauses, build_on
from grader.diagnosis.known_mistakes import KnownMistakes, Version
from grader.diagnosis.mistakes import Mistake
from grader.diagnosis.reruns import DiagnosisCache, Rerunner, StudentLesson
from grader.diagnosis.sealed_mistakes import Opened, SealedMistakes
from grader.results import CheckResult, Status
from grader.sandbox.session import Session


class Namer:
    """Names the mistakes of one student after the other."""

    def __init__(self, checks: CourseChecks, rerunner: Rerunner, cache: DiagnosisCache) -> None:
        self._checks = checks
        self._rerunner = rerunner
        #: The mistakes that :meth:`name` has named last, by id.
        self.named: dict[str, Mistake] = {}
        # DiagnosisCache at the first failure in a lesson: whoever is right pays nothing.
        self._mistakes = cache.mistakes
        self._failing = cache.failing

    def name(
        self,
        student_lesson: StudentLesson,
        lost: Sequence[str],
        results: Sequence[CheckResult],
        session: Session,
    ) -> list[CheckResult]:
        """Name what a known mistake explains.

        Args:
            student_lesson: that was graded.
            lost: the earlier ones that lost marks by themselves.
            results: what its checks ended with.
            session: in which they ran; the student's functions are called a few times more.

        Raises:
            CourseError: the known mistakes of the lesson are no good.
        """
        lesson = student_lesson.lesson
        self.named = {}
        failed = [result for result in results if result.status is Status.FAILED]
        if not failed:
            return list(results)
        known = self._load_mistakes(lesson)
        called = self._called(lesson)
        concerned = {name for result in failed for name in called[result.check]}
        functions = [name for name in known.functions if name in concerned]
        matches = self._matches(student_lesson, lost, functions, session)
        naming = FailureCauses(functions, called, failed, matches, partial(self._failed_by, lesson))
        self.named = naming.mistakes
        outcome = {result.check: naming.results.get(result.check, result) for result in results}
        if lesson.released:  # there is nothing to put in the place of what is wrong
            return list(outcome.values())
        carried = self._carried(student_lesson, lost, session, naming.makers, outcome.values())
        for name in carried:
            outcome[name] = build_on(outcome[name], list(naming.roots.values()))
        return list(outcome.values())

    def _matches(
        self,
        student_lesson: StudentLesson,
        lost: Sequence[str],
        functions: Collection[str],
        session: Session,
    ) -> Mapping[str, Sequence[Version | Opened]]:
        """For each function that a known mistake explains, the versions that do.

        A mistake in an earlier lesson would show in every reply: the reference's values take its
        place.
        """
        known = self._load_mistakes(student_lesson.lesson)
        if lost and isinstance(known, KnownMistakes):
            session.close()  # one worker at a time
            values = self._rerunner.serve_all_values(lost)
            return self._rerunner.match_mistakes(student_lesson, values, known, functions)
        session.begin("")
        return known.match(session, functions)

    def _carried(
        self,
        student_lesson: StudentLesson,
        lost: Sequence[str],
        session: Session,
        makers: Sequence[str],
        results: Collection[CheckResult],
    ) -> frozenset[str]:
        """Failed checks that only need the functions with a named mistake to be right."""
        called = self._called(student_lesson.lesson)
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
        values = self._rerunner.serve_all_values(lost, {student_lesson.lesson.id: makers})
        return self._rerunner.find_passing(student_lesson, values, unexplained)

    def _called(self, lesson: Lesson) -> Mapping[str, Sequence[str]]:
        """The functions that each check calls."""
        known = self._load_mistakes(lesson)
        if isinstance(known, SealedMistakes):
            return defaultdict(tuple, known.called)
        rehearsed = self._checks[lesson.id].rehearsed
        return {name: check.functions for name, check in rehearsed.items()}

    def _load_mistakes(self, lesson: Lesson) -> KnownMistakes | SealedMistakes:
        if lesson.id not in self._mistakes and lesson.released:
            self._mistakes[lesson.id] = SealedMistakes(
                lesson.sealed_mistakes, self._checks.course.shown(lesson.sealed_mistakes)
            )
        elif lesson.id not in self._mistakes:
            rehearsed = self._checks[lesson.id].rehearsed.values()
            calls = [call for check in rehearsed for call in check.calls]
            self._mistakes[lesson.id] = KnownMistakes(
                self._checks.course, lesson, self._checks.references, calls
            )
        return self._mistakes[lesson.id]

    def _failed_by(self, lesson: Lesson, version: Version | Opened) -> frozenset[str]:
        """Names of the checks that a known-wrong version does not pass."""
        if isinstance(version, Opened):
            return version.fails
        if version not in self._failing:
            self._failing[version] = self._checks[lesson.id].failed_by(version.make_module())
        return self._failing[version]
