"""Failed checks run once more, with values of the reference in the place of a student's own.

It tells whose mistake a failure is: the replaced function's, if the check then passes. Nothing that
the program returns, prints or raises in such a run is shown: which checks passed, and which known
mistake the rest makes, is all that leaves this module.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from grader.checks.collection import Check
from grader.checks.course_checks import CourseChecks
from grader.course import Lesson
from grader.diagnosis.known import KnownMistakes, Version
from grader.diagnosis.recorded_numbers import Key, Numbers, record_numbers
from grader.diagnosis.sealed import SealedMistakes
from grader.diagnosis.served_values import OwnValues, ServedValues
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import StudentFault
from grader.sandbox.session import ProgramText, Session, Values


@dataclass(frozen=True, slots=True)
class Attempt:
    """A student's lesson, and the earlier ones that it imports."""

    lesson: Lesson
    programs: Mapping[str, ProgramText]  # by lesson
    absent: Mapping[str, str]  # lessons that are not there, with the reason

    def open(self, sandbox: Sandbox, values: Values) -> Session:
        """A session with it, in which functions may ask for values."""
        return Session(sandbox, self.lesson.id, self.programs, absent=self.absent, values=values)


@dataclass(frozen=True, slots=True)
class Learned:
    """What was found out about a course; it holds for every student, so it may be kept."""

    known: dict[str, KnownMistakes | SealedMistakes] = field(default_factory=dict)  # by lesson
    failing: dict[Version, frozenset[str]] = field(default_factory=dict)  # checks, by name
    #: By lesson and check: the numbers that a check leads to.
    numbers: dict[str, Mapping[str, Mapping[Key, Numbers]]] = field(default_factory=dict)
    #: By (lesson, check, earlier lesson): whether the earlier one alone passes the check.
    handed_on: dict[tuple[str, str, str], bool] = field(default_factory=dict)


class Retrial:
    """Runs checks again on programs that are served some values."""

    def __init__(self, checks: CourseChecks, sandbox: Sandbox, learned: Learned) -> None:
        self._checks = checks
        self._sandbox = sandbox
        self._numbers = learned.numbers

    def own_values(self, lessons: Collection[str]) -> OwnValues | None:
        """For a first run: functions of these lessons ask, and are to use their own values."""
        return OwnValues(self._functions(lessons)) if lessons else None

    def values_led_to(self, lesson: Lesson, lessons: Collection[str]) -> ServedValues:
        """The reference's values for functions of these lessons, where a check leads to them."""
        if lesson.id not in self._numbers:
            self._numbers[lesson.id] = record_numbers(self._checks, lesson)
        numbers = self._numbers[lesson.id]
        return ServedValues(self._functions(lessons), self._checks.references, numbers)

    def values_of_lessons(
        self,
        lessons: Collection[str],
        functions: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> ServedValues:
        """The reference's values for whatever arguments, where no mark depends on what comes of it.

        Args:
            lessons: all of whose functions are served.
            functions: that are served, too, by lesson.
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

    def passed(
        self,
        attempt: Attempt,
        values: ServedValues,
        names: Collection[str],
    ) -> frozenset[str]:
        """Which of these checks pass; none when the lesson cannot even be imported.

        A check that builds on another of these which does not pass is not run.
        """
        checks = self._checks[attempt.lesson.id]
        wanted = [check for check in checks.checks if check.name in names]
        passed: set[str] = set()

        def is_blocked(check: Check, _: Sequence[bytes]) -> bool:
            return any(name in names and name not in passed for name in check.builds_on)

        with attempt.open(self._sandbox, values) as session:
            try:
                session.load()
            except StudentFault:
                return frozenset()
            for check, error in checks.run_on(session, wanted, skip=is_blocked):
                if error is None and not is_blocked(check, ()):
                    passed.add(check.name)
        return frozenset(passed)

    def matches(
        self,
        attempt: Attempt,
        values: ServedValues,
        known: KnownMistakes,
        functions: Collection[str],
    ) -> dict[str, list[Version]]:
        """The known mistakes that explain these functions; see :meth:`KnownMistakes.match`."""
        with attempt.open(self._sandbox, values) as session:
            try:
                session.load()
            except StudentFault:
                return {}
            return known.match(session, functions)
