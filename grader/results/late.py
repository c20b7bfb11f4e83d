"""What handing in late costs: ``late:`` of course.yaml, for a class and for nbgrader alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import msgspec

from grader.results import LessonResult, LessonStatus, StudentResult

_DAY: Final = 86_400.0  # seconds


class Late(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A policy: from each lesson's points, so many percent a day are taken, up to a cap.

    Within the grace period nothing is; after it, each day that has begun counts, from the due
    date on. An extension moves a student's due date by so many days.
    """

    percent_per_day: float
    due: datetime | None = None  # with its time zone; nbgrader has due dates of its own
    grace_minutes: float = 0.0
    cap_percent: float = 100.0
    extensions: Mapping[str, float] = {}  # days, by student

    def __hash__(self) -> int:
        return hash((self.percent_per_day, self.due, tuple(sorted(self.extensions.items()))))

    def days(self, student: str, seconds: float) -> int:
        """How many days count.

        Args:
            student: whose extension counts.
            seconds: after the due date, before any extension.
        """
        left = seconds - self.extensions.get(student, 0.0) * _DAY
        return math.ceil(left / _DAY) if left > self.grace_minutes * 60 else 0

    def share(self, student: str, seconds: float) -> float:
        """Which share of the points is taken, from 0 to 1."""
        return min(self.days(student, seconds) * self.percent_per_day, self.cap_percent) / 100


def penalised(
    results: Sequence[StudentResult],
    late: Late,
    handed_in: Callable[[str, str], datetime | None],
) -> tuple[StudentResult, ...]:
    """The results with the penalties taken off each lesson's score, and a word on why.

    Args:
        results: of the class.
        late: the policy; without a due date nobody is late.
        handed_in: when a student handed in a lesson, with the time zone; None if nobody knows.
    """
    due = late.due
    if due is None:
        return tuple(results)

    def lesson(student: str, result: LessonResult) -> LessonResult:
        when = handed_in(student, result.lesson)
        return _less(result, late, student, (when - due).total_seconds()) if when else result

    return tuple(
        replace(it, lessons=tuple(lesson(it.student, one) for one in it.lessons)) for it in results
    )


def _less(lesson: LessonResult, late: Late, student: str, seconds: float) -> LessonResult:
    share, days = late.share(student, seconds), late.days(student, seconds)
    if not share or lesson.status is LessonStatus.MISSING:
        return lesson
    words = f"handed in {days} day{'s' * (days != 1)} late: {100 * share:g}% less"
    message = f"{lesson.message}; {words}" if lesson.message else words
    return replace(lesson, score=lesson.score * (1 - share), message=message, late=share)
