"""What handing in late costs: ``late:`` of course.yaml, for `grader grade` and for nbgrader."""

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
    """A policy: each day takes some percent off a lesson's points, up to a cap.

    A lesson that comes within the grace period loses nothing. After that, every day counts that has
    begun since the due date. An extension moves a student's due date by some days.
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
            student: may have an extension.
            seconds: from the due date, without an extension, to the submission.
        """
        left = seconds - self.extensions.get(student, 0.0) * _DAY
        return math.ceil(left / _DAY) if left > self.grace_minutes * 60 else 0

    def share(self, student: str, seconds: float) -> float:
        """The share of the points that is taken off, from 0 to 1."""
        return min(self.days(student, seconds) * self.percent_per_day, self.cap_percent) / 100


def take_off_penalties(
    results: Sequence[StudentResult],
    late: Late,
    handed_in: Callable[[str, str], datetime | None],
) -> tuple[StudentResult, ...]:
    """Take the penalties off the lessons' scores, and say so in their messages.

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
        return _penalise(result, late, student, (when - due).total_seconds()) if when else result

    return tuple(
        replace(
            student, lessons=tuple(lesson(student.student, result) for result in student.lessons)
        )
        for student in results
    )


def _penalise(lesson: LessonResult, late: Late, student: str, seconds: float) -> LessonResult:
    share, days = late.share(student, seconds), late.days(student, seconds)
    if not share or lesson.status is LessonStatus.MISSING:
        return lesson
    words = f"handed in {days} day{'s' * (days != 1)} late: {100 * share:g}% less"
    message = f"{lesson.message}; {words}" if lesson.message else words
    return replace(lesson, score=lesson.score * (1 - share), message=message, late=share)
