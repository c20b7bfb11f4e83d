"""What a course's checks are about: which function (or value) each of them asks for first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.checks.course_checks import CourseChecks, run_in_pytest
from grader.checks.rehearsal import rehearse
from grader.course import Course
from grader.grading.process import load_references


@dataclass(frozen=True, slots=True)
class Outlined:
    """One check, as far as it can be told without a student."""

    check: str  # the test function's name
    subject: str  # the function or value that it asks for first, tried on the reference
    points: float
    hidden: bool


#: All checks of a course, by lesson, in the order in which they run.
Outline = Mapping[str, Sequence[Outlined]]


def outline(course: Course) -> Outline:
    """Find out by running every check on the reference, in this process.

    Raises:
        CourseError: the checks cannot be collected, or a solution not be imported.
    """
    return run_in_pytest(course, load_references(course), _outline)


def _outline(checks: CourseChecks) -> Outline:
    rehearse(checks)
    return {
        lesson.id: [
            Outlined(
                check.name,
                checks[lesson.id].rehearsed[check.name].subject or lesson.id,
                check.points,
                check.hidden,
            )
            for check in checks[lesson.id].checks
        ]
        for lesson in checks.course.lessons
    }
