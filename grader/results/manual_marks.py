"""Marks that a person gave for written answers, laid over what grading found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from grader.fingerprints import fingerprint_answer
from grader.results import WAITS, CheckResult, LessonResult, Report, Status, StudentResult
from grader.results.message import sentence


@dataclass(frozen=True, slots=True)
class Mark:
    """The points that a person gave for one written answer."""

    student: str
    lesson: str
    question: str
    points: float
    comment: str | None  # for the student
    answer: str  # fingerprint of the text that was read; another answer needs another mark
    marked_at: str  # ISO 8601, UTC


#: The key of a written answer: (student, lesson, question).
Place = tuple[str, str, str]

NO_ANSWER: Final = "there is no answer"
ANSWER_CHANGED: Final = "the answer is another one than was marked"


def apply_marks(report: Report, marks: Iterable[Mark]) -> Report:
    """Put the points and comments of these marks, and no others, into a report.

    A mark stays when the answer changes; the message then says so. A check that broke on our side
    stays as it is.
    """
    by_place = {(mark.student, mark.lesson, mark.question): mark for mark in marks}
    students = tuple(_student(student, by_place) for student in report.students)
    return replace(report, students=students)


def _student(student: StudentResult, marks: Mapping[Place, Mark]) -> StudentResult:
    lessons = tuple(_lesson(student.student, lesson, marks) for lesson in student.lessons)
    return replace(student, lessons=lessons)


def _lesson(student: str, lesson: LessonResult, marks: Mapping[Place, Mark]) -> LessonResult:
    checks = tuple(
        _check(check, marks.get((student, lesson.lesson, check.check))) for check in lesson.checks
    )
    if checks == lesson.checks:
        return lesson
    score = sum(check.score for check in checks) * (1 - lesson.late)
    return replace(lesson, checks=checks, score=score)


def _check(check: CheckResult, mark: Mark | None) -> CheckResult:
    if check.status is Status.GRADER_ERROR:
        return check
    if mark is not None:
        # The course may have lowered what the question is worth.
        points = min(mark.points, check.max_score)
        full = points == check.max_score
        said = [f"{points:g} of {check.max_score:g} points"] if not full else []
        said += [mark.comment] if mark.comment else []
        said += [ANSWER_CHANGED] if mark.answer != fingerprint_answer(check.answer) else []
        return replace(
            check,
            status=Status.PASSED if full else Status.FAILED,
            score=points,
            rows=sentence("; ".join(said)) if said else (),
            answer=check.answer or "",  # not None: without the mark it is still a written answer
        )
    if check.answer is None:
        return check
    # It may have been marked before.
    status, message = (Status.PENDING, WAITS) if check.answer else (Status.NOT_ATTEMPTED, NO_ANSWER)
    return replace(check, status=status, score=0.0, rows=sentence(message))
