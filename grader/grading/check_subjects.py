"""The subject of each check of a course: the function, or value, that it asks for first."""

from __future__ import annotations

from dataclasses import dataclass

from grader.checks.course_checks import open_checks
from grader.checks.rehearsal import rehearse
from grader.course import Course
from grader.grading.grading_process import load_references


@dataclass(frozen=True, slots=True)
class CheckSubject:
    """One check and its subject."""

    check: str  # the test function's name
    subject: str  # the function or value that it asks for first
    points: float
    hidden: bool


def list_subjects(course: Course) -> dict[str, list[CheckSubject]]:
    """All checks by lesson, in the order in which they run.

    Every check is run on the reference, in this process.

    Raises:
        CourseError: the checks cannot be collected, or a solution cannot be imported.
    """
    with open_checks(course, load_references(course)) as checks:
        rehearse(checks)
        return {
            lesson.id: [
                CheckSubject(
                    check.name,
                    checks[lesson.id].rehearsed[check.name].subject or lesson.id,
                    check.points,
                    check.hidden,
                )
                for check in checks[lesson.id].checks
            ]
            for lesson in course.lessons
        }
