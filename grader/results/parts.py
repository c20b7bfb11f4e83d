"""The parts of a course: lessons that are taught, handed in and marked together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import msgspec

from grader.results import LessonResult, LessonStatus, Report, StudentResult


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a course, as course.yaml describes it."""

    id: str
    title: str
    lessons: tuple[str, ...]  # ids, in teaching order


def only_part(report: Report, part: Part) -> Report:
    """The results of one part. A student whose results have none of its lessons is left out."""
    return only_lessons(report, part.lessons)


def only_lessons(report: Report, lessons: Collection[str]) -> Report:
    """The results of some lessons. A student whose results have none of them is left out."""
    students = (
        replace(
            student, lessons=tuple(result for result in student.lessons if result.lesson in lessons)
        )
        for student in report.students
    )
    return replace(report, students=tuple(student for student in students if student.lessons))


def leave_out_parts_not_begun(report: Report, parts: Sequence[Part]) -> Report:
    """The results without the parts of which a student handed in nothing.

    So these parts count neither in the student's points nor in what could be earned. A student who
    handed in nothing at all keeps the first part.

    Args:
        report: the results of all lessons.
        parts: of the course; without any, nothing is left out.
    """
    if not parts:
        return report
    return replace(
        report, students=tuple(_without_others(student, parts) for student in report.students)
    )


def parts_in(report: Report, parts: Iterable[Part]) -> list[Part]:
    """The parts of which the results have a lesson."""
    there = {lesson.lesson for student in report.students for lesson in student.lessons}
    return [part for part in parts if there & set(part.lessons)]


def _without_others(student: StudentResult, parts: Sequence[Part]) -> StudentResult:
    begun = {result.lesson for result in student.lessons if _is_begun(result)}
    counted = [part for part in parts if begun & set(part.lessons)] or parts[:1]
    lessons = {lesson for part in counted for lesson in part.lessons}
    return replace(
        student, lessons=tuple(result for result in student.lessons if result.lesson in lessons)
    )


def _is_begun(lesson: LessonResult) -> bool:
    """Whether something was handed in for a lesson, if only a file with a wrong name."""
    return lesson.status is not LessonStatus.MISSING or lesson.message is not None
