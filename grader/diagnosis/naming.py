"""Names the known mistakes that explain failed checks.

A mistake is named at the checks of the function that makes it, see :mod:`.failure_causes`. If no
known mistake fits, the result says what the values show (:mod:`grader.diagnosis.evidence`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from grader.checks.course_checks import CourseChecks
from grader.checks.reference import quiet
from grader.course import Lesson
from grader.diagnosis.failure_causes import FailureCauses, build_on
from grader.diagnosis.mistakes import Mistake
from grader.diagnosis.reruns import DiagnosisCache, Rerunner, StudentLesson
from grader.diagnosis.sealed_mistakes import OpenedMistake, SealedMistakes
from grader.diagnosis.served_values import ServedValues
from grader.results import CheckResult, Status
from grader.sandbox.session import Session

if TYPE_CHECKING:
    from grader.diagnosis.known_mistakes import KnownMistakes, Version

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Program:
    """A student's lesson that was graded."""

    student_lesson: StudentLesson
    session: Session  # in which its checks ran


class Namer:
    """Names the mistakes of one student after another."""

    def __init__(self, checks: CourseChecks, rerunner: Rerunner, cache: DiagnosisCache) -> None:
        self._checks = checks
        self._rerunner = rerunner
        #: The mistakes that the last call of :meth:`name` has named, by id.
        self.named: dict[str, Mistake] = {}
        # Filled at the first failure in a lesson, so right answers need no time for it.
        self._mistakes = cache.mistakes
        self._failing = cache.failing

    @quiet()
    def name(
        self,
        student_lesson: StudentLesson,
        results: Sequence[CheckResult],
        session: Session,
    ) -> list[CheckResult]:
        """Name the mistakes in the results of a lesson's checks.

        Args:
            student_lesson: that was graded.
            results: of its checks.
            session: in which they ran. The student's functions are called a few times more.

        Raises:
            CourseError: the known mistakes of the lesson are wrong.
        """
        lesson = student_lesson.lesson
        program = _Program(student_lesson, session)
        self.named = {}
        failed = [result for result in results if result.status is Status.FAILED]
        if not failed:
            return list(results)
        known = self._load_mistakes(lesson)
        called = self._called(lesson)
        concerned = {name for result in failed for name in called[result.check]}
        functions = [name for name in known.functions if name in concerned]
        matches: Mapping[str, Sequence[Version | OpenedMistake]] = {}
        if isinstance(known, SealedMistakes):
            matches = _match(known, functions, session)
        else:
            matches = self._ask(program, (), partial(_match, known, functions)) or {}
        naming = FailureCauses(functions, called, failed, matches, partial(self._failed_by, lesson))
        self.named = naming.mistakes
        outcome = {result.check: naming.results.get(result.check, result) for result in results}
        if isinstance(known, SealedMistakes):  # no right value is there to compare with
            return list(outcome.values())
        makers, roots = list(naming.makers), list(naming.roots.values())
        self._build_on(program, makers, roots, outcome)
        for name in functions:
            mine = [result for result in self._unexplained(outcome) if name in called[result.check]]
            if name in makers or not mine:
                continue
            effect = self._ask(program, makers, partial(known.evidence, name))
            if effect is None:
                continue
            outcome.update(
                {result.check: replace(result, effect=effect or None) for result in mine}
            )
            makers.append(name)
            roots.append(outcome[mine[0].check])
            self._build_on(program, makers, roots, outcome)
        return list(outcome.values())

    def _ask(
        self,
        program: _Program,
        makers: Sequence[str],
        look: Callable[[Session], T],
    ) -> T | None:
        """Look at the student's functions in a session.

        A mistake in an earlier lesson, or in one of the makers, would show in every reply. So the
        values of these are replaced by the reference's.
        """
        if not program.student_lesson.lost and not makers:
            program.session.begin("")
            return look(program.session)
        program.session.close()  # one worker at a time
        return self._rerunner.ask(program.student_lesson, self._right_values(program, makers), look)

    def _right_values(self, program: _Program, makers: Sequence[str]) -> ServedValues:
        of_this = {program.student_lesson.lesson.id: makers}
        return self._rerunner.serve_all_values(program.student_lesson.lost, of_this)

    @staticmethod
    def _unexplained(results: Mapping[str, CheckResult]) -> list[CheckResult]:
        return [
            result
            for result in results.values()
            if result.status is Status.FAILED and result.effect is None
        ]

    def _build_on(
        self,
        program: _Program,
        makers: Sequence[str],
        roots: Sequence[CheckResult],
        results: dict[str, CheckResult],
    ) -> None:
        """Mark the failed checks that pass if the functions with other mistakes are right.

        Args:
            program: the student's.
            makers: the functions that make a mistake themselves.
            roots: the results that name these mistakes.
            results: of all checks, by name. They are changed.
        """
        called = self._called(program.student_lesson.lesson)
        unexplained = [  # a check without a call of its own looks at what a shared fixture called
            result.check
            for result in self._unexplained(results)
            if called[result.check] and not set(makers) & set(called[result.check])
        ]
        if not makers or not unexplained:
            return
        program.session.close()  # one worker at a time
        values = self._right_values(program, makers)
        carried = self._rerunner.find_passing(program.student_lesson, values, unexplained)
        if carried and program.student_lesson.lost:
            # Some may only need right earlier lessons.
            carried -= self._rerunner.find_passing(
                program.student_lesson, self._right_values(program, ()), carried
            )
        for name in carried:
            results[name] = build_on(results[name], roots)

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
            from grader.diagnosis.known_mistakes import (  # noqa: PLC0415  (students have it not)
                KnownMistakes,
            )

            rehearsed = self._checks[lesson.id].rehearsed.values()
            calls = [call for check in rehearsed for call in check.calls]
            self._mistakes[lesson.id] = KnownMistakes(
                self._checks.course, lesson, self._checks.references, calls
            )
        return self._mistakes[lesson.id]

    def _failed_by(self, lesson: Lesson, version: Version | OpenedMistake) -> frozenset[str]:
        """Names of the checks that a known-wrong version does not pass."""
        if isinstance(version, OpenedMistake):
            return version.fails
        if version not in self._failing:
            self._failing[version] = self._checks[lesson.id].failed_by(version.make_module())
        return self._failing[version]


def _match(
    known: KnownMistakes | SealedMistakes, functions: Sequence[str], session: Session
) -> Mapping[str, Sequence[Version | OpenedMistake]]:
    """The versions that explain each of these functions. All probes are sent at once."""
    session.call_ahead(known.foreseen(functions))
    session.begin("")
    return known.match(session, functions)
