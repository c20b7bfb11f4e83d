"""Marks that a person gave, for written answers and undecided checks, laid over the results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from grader.fingerprints import fingerprint_answer
from grader.results import WAITS, CheckResult, LessonResult, Report, Status, StudentResult
from grader.results.message import sentence


@dataclass(frozen=True, slots=True)
class Mark:
    """The points that a person gave for a written answer, or for a check that was undecided."""

    student: str
    lesson: str
    question: str  # or the check
    points: float
    comment: str | None  # for the student
    answer: str  # fingerprint of the text that was read; DECISION if it is about a check
    marked_at: str  # ISO 8601, UTC


#: What a mark is about: (student, lesson, question or check).
Place = tuple[str, str, str]

#: Stands for the answer in a mark that decides about an undecided check.
DECISION: Final = "undecided"

NO_ANSWER: Final = "there is no answer"
DECIDED: Final = "a person decided"
ANSWER_CHANGED: Final = "the answer is another one than was marked"


def apply_marks(report: Report, marks: Iterable[Mark]) -> Report:
    """Put the points and comments of these marks, and no others, into a report.

    A mark stays when the answer changes; the message then says so. A decision about an undecided
    check counts as long as the check cannot be graded. A check that broke on our side for everybody
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
    if check.undecided is not None:
        return _decided(check, check.undecided, mark)
    if mark is not None and mark.answer != DECISION:
        changed = mark.answer != fingerprint_answer(check.answer)
        marked = _marked(check, mark, [ANSWER_CHANGED] if changed else [])
        # Not None: without the mark it is still a written answer.
        return replace(marked, answer=check.answer or "")
    if check.answer is None:
        return check
    # It may have been marked before.
    status, message = (Status.PENDING, WAITS) if check.answer else (Status.NOT_ATTEMPTED, NO_ANSWER)
    return replace(check, status=status, score=0.0, rows=sentence(message))


def _decided(check: CheckResult, reason: str, mark: Mark | None) -> CheckResult:
    """A check that could not be graded, with what a person decided about it."""
    if mark is None:
        return replace(check, status=Status.UNDECIDED, score=0.0, rows=sentence(reason))
    return _marked(check, mark, [DECIDED])


def _marked(check: CheckResult, mark: Mark, remarks: Sequence[str]) -> CheckResult:
    # The course may have lowered what it is worth.
    points = min(mark.points, check.max_score)
    full = points == check.max_score
    said = [] if full else [f"{points:g} of {check.max_score:g} points"]
    said += [mark.comment] if mark.comment else []
    said += remarks
    return replace(
        check,
        status=Status.PASSED if full else Status.FAILED,
        score=points,
        rows=sentence("; ".join(said)) if said else (),
    )
