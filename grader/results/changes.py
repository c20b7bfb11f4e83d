"""What differs between two reports: whose marks changed, by which check, and by how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.results import (
    CheckResult,
    LessonResult,
    LessonStatus,
    Report,
    Status,
    StudentResult,
)

_SAME = 1e-9  # points; less is only another order of adding up


@dataclass(frozen=True, slots=True)
class Change:
    """Points that one check gained or lost; or a whole lesson that has no checks in one report."""

    lesson: str
    check: str | None  # None: the whole lesson
    title: str | None  # what the student reads of the check
    was: Status | LessonStatus | None  # of the check or lesson; None when there was none
    now: Status | LessonStatus | None
    before: float  # points
    after: float

    @property
    def by(self) -> float:
        """Points gained; negative when they were lost."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class StudentChanges:
    """One student's marks, where they changed. All changes add up to that of the total."""

    student: str
    before: float | None  # points in all; None when the old report has no such student
    after: float | None
    changes: tuple[Change, ...]

    @property
    def by(self) -> float:
        """Points gained; negative when they were lost."""
        return (self.after or 0.0) - (self.before or 0.0)


def compare(old: Report, new: Report) -> tuple[StudentChanges, ...]:
    """The students whose marks changed, or who are in one of the reports alone, sorted by name.

    A change is told even where another makes up for it and the total stays the same.
    """
    before = {student.student: student for student in old.students}
    after = {student.student: student for student in new.students}
    students = (
        _student(name, before.get(name), after.get(name)) for name in sorted({*before, *after})
    )
    return tuple(
        student
        for student in students
        if student.changes or student.before is None or student.after is None
    )


def _student(
    name: str, before: StudentResult | None, after: StudentResult | None
) -> StudentChanges:
    was = {lesson.lesson: lesson for lesson in before.lessons} if before else {}
    now = {lesson.lesson: lesson for lesson in after.lessons} if after else {}
    return StudentChanges(
        name,
        before.score if before else None,
        after.score if after else None,
        tuple(
            change
            for lesson in {**now, **was}  # in course order: the new one first
            for change in _lesson(lesson, was.get(lesson), now.get(lesson))
            if abs(change.by) > _SAME
        ),
    )


def _lesson(
    lesson: str, before: LessonResult | None, after: LessonResult | None
) -> Iterator[Change]:
    if not (before and after and _has_checks(before) and _has_checks(after)):
        yield _change(lesson, None, before, after)
        return
    was = {check.check: check for check in before.checks}
    now = {check.check: check for check in after.checks}
    for name in {**now, **was}:
        check = now.get(name) or was[name]
        yield _change(lesson, check, was.get(name), now.get(name))


def _has_checks(result: LessonResult) -> bool:
    return result.status is LessonStatus.GRADED


def _change(
    lesson: str,
    check: CheckResult | None,
    before: CheckResult | LessonResult | None,
    after: CheckResult | LessonResult | None,
) -> Change:
    return Change(
        lesson,
        check.check if check else None,
        check.title if check else None,
        before.status if before else None,
        after.status if after else None,
        before.score if before else 0.0,
        after.score if after else 0.0,
    )
