"""What a course's checks are about: which function (or value) each of them asks for first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.checks.rehearsal import Rehearsal
from grader.checks.runner import Runner
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
    references = load_references(course)
    found: dict[str, Sequence[Outlined]] = {}

    def look(runner: Runner) -> None:
        subjects = Rehearsal(runner, references).subjects
        for lesson, checks in runner.checks.items():
            found[lesson] = [
                Outlined(check.name, subjects[lesson][check.name], check.points, check.hidden)
                for check in checks
            ]

    Runner(course, look).start()
    return found
