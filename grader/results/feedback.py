"""What students are shown of their results: everything, the outcome, or the marks alone.

The instructor's records keep everything; this is applied on the way to a student.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from grader.results import CheckResult, LessonResult, LessonStatus, Status, StudentResult


class Feedback(StrEnum):
    """How much of a result its student is shown."""

    FULL = "full"  # what went wrong, what it looks like, and a hint
    BRIEF = "brief"  # which checks passed, by their titles, and their points
    MARKS = "marks"  # the points of each lesson


def reduce_for_student(result: StudentResult, policy: Feedback) -> StudentResult:
    """The part of a result that its student is shown.

    Why a lesson could not be read is always shown: it says nothing about the answers.
    """
    if policy is Feedback.FULL:
        return result
    lessons = tuple(_reduced(lesson, policy) for lesson in result.lessons)
    return replace(result, lessons=lessons)


def _reduced(lesson: LessonResult, policy: Feedback) -> LessonResult:
    if policy is Feedback.MARKS:
        message = (
            lesson.message if lesson.status is not LessonStatus.GRADED else _explain_points(lesson)
        )
        return replace(lesson, message=message, checks=())
    return replace(lesson, checks=tuple(map(_outcome, lesson.checks)))


def _outcome(check: CheckResult) -> CheckResult:
    return replace(
        check, rows=(), misconception=None, effect=None, hint=None, picture=None, excerpt=None
    )


def _explain_points(lesson: LessonResult) -> str | None:
    """Which points may still come, and what was taken off."""
    points = sum(check.max_score for check in lesson.checks if check.status is Status.PENDING)
    words = [f"{points:g} more points wait to be marked"] if points else []
    points = sum(check.max_score for check in lesson.checks if check.status is Status.UNDECIDED)
    words += [f"{points:g} more points could not be graded: a person decides"] if points else []
    words += [f"handed in late: {100 * lesson.late:g}% less"] if lesson.late else []
    return "; ".join(words) or None
