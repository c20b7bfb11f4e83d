"""Failed checks, run again with values of the reference in the place of a student's own.

If a check then passes, the mistake is in the function whose values were replaced. A rerun yields
two things: which checks pass, and which known mistakes the other functions make. Nothing that the
program returns, prints or raises in it is shown.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from grader.checks.collection import Check
from grader.checks.course_checks import CourseChecks
from grader.checks.pass_cache import PassCache
from grader.course import Lesson
from grader.diagnosis.recorded_numbers import Key, Numbers, record_numbers
from grader.diagnosis.sealed_mistakes import SealedMistakes
from grader.diagnosis.served_values import OwnValues, ServedValues
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import StudentFault
from grader.sandbox.session import ProgramText, Session, Values

if TYPE_CHECKING:
    from grader.diagnosis.known_mistakes import KnownMistakes, Version

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StudentLesson:
    """A student's lesson, and the earlier ones that it imports."""

    lesson: Lesson
    programs: Mapping[str, ProgramText]  # by lesson
    absent: Mapping[str, str]  # imported lessons that are missing, with the reason
    lost: Sequence[str] = ()  # imported lessons that lost marks

    def open_session(
        self,
        sandbox: Sandbox,
        values: Values,
        foreseen: Mapping[str, Sequence[bytes]] = MappingProxyType({}),
    ) -> Session:
        """A session with these programs, whose functions may ask for values.

        Args:
            sandbox: see :class:`Session`.
            values: answers the questions.
            foreseen: the calls that are made ahead, by check.
        """
        return Session(sandbox, self.lesson.id, self.programs, foreseen, self.absent, values=values)


@dataclass(frozen=True, slots=True)
class DiagnosisCache:
    """What diagnosis has computed of a course. It is the same for every student, so it is kept."""

    #: The known mistakes of each lesson.
    mistakes: dict[str, KnownMistakes | SealedMistakes] = field(default_factory=dict)
    #: The names of the checks that a version does not pass.
    failing: dict[Version, frozenset[str]] = field(default_factory=dict)
    #: By lesson and check: the numbers that its functions are given; see `recorded_numbers`.
    numbers: dict[str, Mapping[str, Mapping[Key, Numbers]]] = field(default_factory=dict)
    #: By (lesson, check, earlier lesson): whether the earlier one alone passes the check.
    handed_on: dict[tuple[str, str, str], bool] = field(default_factory=dict)


class Rerunner:
    """Runs checks again on programs whose functions are served values of the reference."""

    def __init__(
        self, checks: CourseChecks, sandbox: Sandbox, cache: DiagnosisCache, passes: PassCache
    ) -> None:
        self._checks = checks
        self._sandbox = sandbox
        self._numbers = cache.numbers
        self._passes = passes

    def use_own_values(self, lessons: Collection[str]) -> OwnValues | None:
        """For a first run: functions of these lessons ask, and are told to use their own values."""
        return OwnValues(self._functions(lessons)) if lessons else None

    def serve_recorded_values(self, lesson: Lesson, lessons: Collection[str]) -> ServedValues:
        """For functions of these lessons, the reference's values where the check leads to them."""
        if lesson.id not in self._numbers:
            self._numbers[lesson.id] = record_numbers(self._checks, lesson)
        numbers = self._numbers[lesson.id]
        return ServedValues(self._functions(lessons), self._checks.references, numbers)

    def serve_all_values(
        self,
        lessons: Collection[str],
        functions: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> ServedValues:
        """The reference's values for any arguments. No mark may depend on such a run.

        Args:
            lessons: all their functions are served.
            functions: further functions that are served, by lesson.
        """
        asking = {**self._functions(lessons), **functions}
        return ServedValues(asking, self._checks.references, None)

    def _functions(self, lessons: Iterable[str]) -> dict[str, list[str]]:
        """The functions that each lesson's reference defines."""
        return {
            lesson: [
                name
                for name, value in vars(self._checks.references[lesson]).items()
                if inspect.isfunction(value) and value.__module__ == lesson
            ]
            for lesson in lessons
        }

    def find_passing(
        self,
        student_lesson: StudentLesson,
        values: ServedValues,
        names: Collection[str],
    ) -> frozenset[str]:
        """The names of those of these checks that pass; none if the lesson cannot be imported.

        A check is not run if it builds on another of these and that one does not pass.
        """
        checks = self._checks[student_lesson.lesson.id]
        wanted = [check for check in checks.checks if check.name in names]
        foreseen = checks.calls_of(check.name for check in wanted if not check.hidden)
        passed: set[str] = set()
        replies: Sequence[bytes] = ()

        def is_blocked(check: Check) -> bool:
            return any(name in names and name not in passed for name in check.builds_on)

        def is_decided(check: Check, made_ahead: Sequence[bytes]) -> bool:
            nonlocal replies
            replies = made_ahead
            return is_blocked(check) or self._passes.contains(check, replies)

        with student_lesson.open_session(self._sandbox, values, foreseen) as session:
            try:
                session.load()
            except StudentFault:
                return frozenset()
            for check, error in checks.run_on(session, wanted, skip=is_decided):
                if error is None and not is_blocked(check):
                    passed.add(check.name)
                    if session.only_foreseen_values:
                        self._passes.add(check, replies)
        return frozenset(passed)

    def ask(
        self, student_lesson: StudentLesson, values: ServedValues, look: Callable[[Session], T]
    ) -> T | None:
        """Look at the functions while they are served; None if the lesson cannot be imported."""
        with student_lesson.open_session(self._sandbox, values) as session:
            try:
                session.load()
            except StudentFault:
                return None
            return look(session)
