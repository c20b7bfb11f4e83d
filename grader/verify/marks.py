"""What each wrong choice costs, and whether that is fair.

Fair is: one wrong choice costs at least :data:`LEAST` points of its lesson, and no function more
than half of its points.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from grader.checks.collection import Check
from grader.checks.course_checks import CourseChecks, LessonChecks
from grader.checks.outcomes import result_of
from grader.checks.reference import ReferenceCallee, quiet
from grader.course import Lesson
from grader.diagnosis.failure_causes import FailureCauses
from grader.diagnosis.known_mistakes import KnownMistakes, Version
from grader.diagnosis.probes import ask_version
from grader.diagnosis.reply_digests import digest_version
from grader.results import Status
from grader.verify.wrong_choices import WrongChoice, wrong_choices

LEAST: Final = 1.0  # points that one wrong choice costs

_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Marks:
    """What a version with one wrong choice earns."""

    lesson: str
    choice: WrongChoice
    score: float
    max_score: float  # of what a program can earn in this lesson
    lost: Mapping[str, float]  # points by the function that a check calls first
    points: Mapping[str, float]  # of each function
    named: tuple[str, ...]  # the mistakes that are named

    @property
    def unfair(self) -> list[str]:
        """What is wrong with these marks, in words; nothing if they are fair."""
        words = []
        if sum(self.lost.values()) < LEAST - _ROUNDING:
            words.append(f"costs {sum(self.lost.values()):g} points, and should cost {LEAST:g}")
        words += [
            f"costs {lost:g} of the {self.points[name]:g} points of `{name}`, more than half"
            for name, lost in self.lost.items()
            if lost > self.points[name] / 2 + _ROUNDING
        ]
        return words


def mark_wrong_choices(
    checks: CourseChecks, lesson: Lesson, marked: Callable[[], None] = lambda: None
) -> Iterator[Marks]:
    """Mark each version of a lesson with one wrong choice, in this process.

    Args:
        checks: of the course, rehearsed.
        lesson: one of its lessons.
        marked: called after each version.

    Raises:
        CourseError: a version or a probe is no good.
    """
    its = checks[lesson.id]
    points: dict[str, float] = defaultdict(float)
    for check in its.checks:
        points[subject_of(its, check)] += check.points
    namer = _Namer(checks, lesson)
    for choice in wrong_choices(checks.course, lesson, checks.references):
        module = choice.make_module()
        failed = failed_checks(its, module)
        lost: dict[str, float] = defaultdict(float)
        for check in failed:
            lost[subject_of(its, check)] += check.points
        total = sum(points.values())
        score = total - sum(lost.values())
        yield Marks(lesson.id, choice, score, total, lost, points, namer.name(module, failed))
        marked()


def failed_checks(checks: LessonChecks, module: ModuleType) -> list[Check]:
    """The checks for which a version of the lesson gets no points."""
    passed: set[Check] = set()
    names: set[str] = set()

    def is_blocked(check: Check) -> bool:
        return not names.issuperset(check.builds_on)

    with quiet():
        for check, error in checks.run_each(ReferenceCallee(module), skip=is_blocked):
            if error is None and not is_blocked(check):
                passed.add(check)
                names.add(check.name)
    return [check for check in checks.checks if check not in passed]


def subject_of(checks: LessonChecks, check: Check) -> str:
    """The function whose points a check is: the first that it calls."""
    return checks.rehearsed[check.name].subject or checks.lesson.id


class _Namer:
    """Names the mistakes of versions that are executed in this process."""

    def __init__(self, checks: CourseChecks, lesson: Lesson) -> None:
        self._checks = checks[lesson.id]
        calls = [call for rehearsed in self._checks.rehearsed.values() for call in rehearsed.calls]
        self._known = KnownMistakes(checks.course, lesson, checks.references, calls)
        self._failing: dict[Version, frozenset[str]] = {}

    def name(self, module: ModuleType, failed: Sequence[Check]) -> tuple[str, ...]:
        called = {name: rehearsed.functions for name, rehearsed in self._checks.rehearsed.items()}
        concerned = {name for check in failed for name in called[check.name]}
        functions = [name for name in self._known.functions if name in concerned]
        results = [result_of(check, Status.FAILED) for check in failed]
        matches = {name: self._matches(module, name) for name in functions}
        causes = FailureCauses(functions, called, results, matches, self._failed_by)
        return tuple(causes.mistakes)

    def _matches(self, module: ModuleType, name: str) -> Sequence[Version]:
        callee, probes = ReferenceCallee(module), self._known.probes[name]
        with quiet():
            replies = digest_version(probes, lambda place: ask_version(callee, probes[place]))
            return self._known.versions_like(name, replies) if replies and probes else []

    def _failed_by(self, version: Version) -> frozenset[str]:
        if version not in self._failing:
            self._failing[version] = self._checks.failed_by(version.make_module())
        return self._failing[version]
