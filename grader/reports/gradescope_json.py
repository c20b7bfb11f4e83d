"""``results.json`` as Gradescope reads it: one student's results, a test for each check.

The fields are those of Gradescope's autograder specification. All text is plain and visible to the
student, so :mod:`grader.results.feedback` has to take out before what the student must not see.
"""

from __future__ import annotations

import json
from typing import Any, Final

from grader.reports.statuses import LOOKS
from grader.results import CheckResult, LessonResult, LessonStatus, Status, StudentResult

_OPEN: Final = (Status.PENDING, Status.GRADER_ERROR)  # neither passed nor failed

NOT_GRADED: Final = (
    "This could not be graded, and it counts 0 until your instructor has looked at it. Your "
    "submission is kept. If you can, hand in a simpler version; else tell your instructor."
)


def render(student: StudentResult, note: str) -> str:
    """The file's text, ASCII only.

    Args:
        student: the results as the student may see them.
        note: a sentence above the tests that says how it was graded.
    """
    tests: list[dict[str, Any]] = []
    for number, lesson in enumerate(student.lessons, start=1):
        tests += _lesson(lesson, str(number))
    return _document(student.score, note, tests)


def note_on(student: StudentResult, note: str) -> str:
    """The sentence above the tests; ahead of it, if need be, that something could not be graded.

    Args:
        student: the results, before anything is taken out of them.
        note: says how it was graded.
    """
    return f"{NOT_GRADED}\n\n{note}" if student.is_undecided else note


def render_failure(sentence: str, max_score: float) -> str:
    """The file for a submission that could not be graded at all."""
    test = _test("Grading", 0.0, max_score, sentence, "1")
    return _document(0.0, sentence, [test | {"status": "failed"}])


def _document(score: float, output: str, tests: list[dict[str, Any]]) -> str:
    document = {
        "score": round(score, 6),
        "output": output,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(document, indent=1, allow_nan=False) + "\n"


def _lesson(lesson: LessonResult, number: str) -> list[dict[str, Any]]:
    if lesson.status is LessonStatus.MISSING:
        text = lesson.message or f"nothing was handed in; a file {lesson.lesson}.py counts"
        test = _test(lesson.lesson, 0.0, lesson.max_score, text, number)
        return [test | {"status": "failed"}]
    if not lesson.checks:  # unreadable, or only the points are shown
        return [_test(lesson.lesson, lesson.score, lesson.max_score, lesson.message or "", number)]
    return [
        _check(lesson.lesson, check, f"{number}.{i}") for i, check in enumerate(lesson.checks, 1)
    ]


def _check(lesson: str, check: CheckResult, number: str) -> dict[str, Any]:
    words = [check.message or "", f"Hint: {check.hint}" if check.hint else ""]
    if check.status not in (Status.PASSED, Status.FAILED) and not check.message:
        words = [LOOKS[check.status].words]
    test = _test(
        f"{lesson}: {check.title}",
        check.score,
        check.max_score,
        "\n\n".join(filter(None, words)),
        number,
    )
    if check.status not in _OPEN:
        test["status"] = "passed" if check.status is Status.PASSED else "failed"
    return test


def _test(name: str, score: float, max_score: float, output: str, number: str) -> dict[str, Any]:
    return {
        "name": name,
        "name_format": "text",
        "number": number,
        "score": round(score, 6),
        "max_score": round(max_score, 6),
        "output": output,
        "output_format": "text",
        "visibility": "visible",
    }
