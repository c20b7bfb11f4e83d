"""Makes the results of lessons and of written answers: graded, unreadable, missing, undecided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from grader.checks.collection import Check
from grader.checks.outcomes import result_of
from grader.checks.time_limit import KEPT_AT_WORK
from grader.course import Lesson, Written
from grader.grading.current_check import Loss
from grader.results import CheckResult, LessonResult, LessonStatus, Status
from grader.results.message import Rows, sentence
from grader.submissions.submission import HandedIn, Misnamed, Source, Unreadable
from grader.text.wording import take_out_markdown

PROCESS_LOST: Final = "the grading process ended, again and again, while this was graded"


def graded_lesson(lesson: Lesson, results: Sequence[CheckResult], note: str | None) -> LessonResult:
    """The result of a lesson that was graded."""
    score = sum(result.score for result in results)
    return LessonResult(lesson.id, LessonStatus.GRADED, score, lesson.points, note, tuple(results))


def unreadable_lesson(lesson: Lesson, reason: str) -> LessonResult:
    """The result of a lesson that cannot be read or imported."""
    return LessonResult(lesson.id, LessonStatus.UNREADABLE, 0.0, lesson.points, reason)


def ungraded_lesson(
    lesson: Lesson, checks: Sequence[Check], source: Source, reason: str, undecided: Collection[str]
) -> LessonResult:
    """The result of a lesson that cannot be graded.

    Args:
        lesson: which one.
        checks: all of its checks.
        source: the student's work.
        reason: why it cannot be graded, in words.
        undecided: the checks and questions that a person decides about; others are our error.
    """
    said = sentence(reason)
    names = [check.name for check in checks] + [answer.id for answer in lesson.written]
    status = {
        name: Status.UNDECIDED if name in undecided else Status.GRADER_ERROR for name in names
    }
    results = [result_of(check, status[check.name], said) for check in checks]
    results += [answer_result(answer, status[answer.id], said) for answer in lesson.written]
    results = [
        replace(result, undecided=reason) if result.status is Status.UNDECIDED else result
        for result in results
    ]
    return graded_lesson(lesson, results, source.note)


def lesson_without_program(lesson: Lesson, handed_in: HandedIn | None) -> LessonResult:
    """The result of a lesson without a program: nothing was handed in, or it cannot be read."""
    if isinstance(handed_in, Unreadable):
        return unreadable_lesson(lesson, handed_in.reason)
    hint = handed_in.hint if isinstance(handed_in, Misnamed) else None
    return LessonResult(lesson.id, LessonStatus.MISSING, 0.0, lesson.points, hint)


def lost_check_result(check: Check, loss: Loss) -> CheckResult:
    """The result of a check with which processes were lost."""
    if loss.overran:
        return result_of(check, Status.TIMEOUT, sentence(KEPT_AT_WORK))
    lost = result_of(check, Status.UNDECIDED, sentence(PROCESS_LOST))
    return replace(lost, undecided=PROCESS_LOST)


def answer_result(
    question: Written, status: Status, rows: Rows, answer: str | None = None
) -> CheckResult:
    """The result of a written question that no person has marked.

    Args:
        question: which one.
        status: how it ended. An error of ours costs the student nothing.
        rows: the explanation.
        answer: the text of the answer, if there is one.
    """
    score = question.points if status is Status.GRADER_ERROR else 0.0
    return CheckResult(
        question.id,
        take_out_markdown(question.title),
        status,
        score,
        question.points,
        rows,
        answer=answer,
    )
