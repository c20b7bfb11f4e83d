"""How far a student is: the result of each lesson's last check, and the lesson to go on with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.course import Course, Lesson


@dataclass(frozen=True, slots=True)
class Progress:
    """The result of a lesson's last check."""

    fingerprint: str  # see :meth:`grader.learner.workbook.Workbook.fingerprint`
    score: float
    max_score: float
    passed: int
    checks: int
    started: bool  # the student has written something
    waiting: int = 0  # written answers that wait for a person's mark
    refused: bool = False  # it imports what is not there when it is graded

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        return self.passed + self.waiting == self.checks and not self.refused

    @property
    def share(self) -> float:
        """How much of the lesson is done, from 0 to 1."""
        return (self.passed + self.waiting) / max(self.checks, 1)


def first_unfinished(
    course: Course, progress: Mapping[str, Progress], after: Lesson | None = None
) -> Lesson | None:
    """The first lesson that is not finished; None if all are.

    Args:
        course: its lessons are searched in teaching order.
        progress: by lesson; a lesson without an entry is not finished.
        after: start behind this lesson; the lessons up to it come last.
    """
    start = course.lessons.index(after) + 1 if after else 0
    for lesson in course.lessons[start:] + course.lessons[:start]:
        if lesson.id not in progress or not progress[lesson.id].done:
            return lesson
    return None
