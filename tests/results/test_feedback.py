"""What a student is shown: everything, the outcome, or the marks alone."""

from __future__ import annotations

from typing import Any

import pytest

from grader.reports import lesson_text
from grader.results import CheckResult, LessonResult, LessonStatus, Status, StudentResult
from grader.results.feedback import Feedback, reduce_for_student
from grader.results.message import read


def check(title: str, status: Status, **fields: Any) -> CheckResult:
    score = 1.0 if status is Status.PASSED else 0.0
    return CheckResult("test_it", title, status, score, 1.0, **fields)


LESSON = LessonResult(
    "double", LessonStatus.GRADED, 1.0, 4.0, "a cell failed: NameError",
    (
        check("Zero stays zero.", Status.PASSED),
        check("Two becomes four.", Status.FAILED, rows=read("got        5")),
        check("One becomes two.", Status.FAILED, rows=read("got        3"), effect="a triple",
              misconception="triple", hint="What is 1 + 1?"),
        check("Halves become wholes.", Status.SKIPPED, rows=read("builds on “Two becomes four.”")),
    ),
)  # fmt: skip
BROKEN = LessonResult("half", LessonStatus.UNREADABLE, 0.0, 1.0, "half.py does not compile")
ADA = StudentResult("ada", (LESSON, BROKEN))


def test_full_feedback_is_everything() -> None:
    assert reduce_for_student(ADA, Feedback.FULL) is ADA


@pytest.mark.parametrize("policy", [Feedback.BRIEF, Feedback.MARKS])
def test_less_feedback_never_says_what_went_wrong(policy: Feedback) -> None:
    shown = reduce_for_student(ADA, policy)
    assert (shown.score, shown.max_score) == (ADA.score, ADA.max_score)
    for word in ("got", "triple", "looks like", "builds on", "1 + 1"):
        assert word not in repr(shown)


def test_brief_feedback_tells_which_checks_passed() -> None:
    lesson, broken = reduce_for_student(ADA, Feedback.BRIEF).lessons
    assert [(result.title, result.status) for result in lesson.checks] == [
        (result.title, result.status) for result in LESSON.checks
    ]
    assert broken == BROKEN


def test_marks_are_points_alone_but_an_unreadable_file_says_why() -> None:
    lesson, broken = reduce_for_student(ADA, Feedback.MARKS).lessons
    assert (lesson.score, lesson.message, lesson.checks) == (1.0, None, ())
    assert broken == BROKEN


def test_the_text_shows_the_failure_that_has_a_name_in_full_and_the_rest_in_a_line() -> None:
    assert lesson_text.render(LESSON).splitlines() == [
        "double: 1 of 4 points",
        "  a cell failed: NameError",
        "",
        "✗ double: One becomes two.",
        "  got        3",
        "  looks like a triple",
        "  hint       What is 1 + 1?",
        "             (the next step: grader hint double)",
        "",
        "✗ Two becomes four.",
        "",
        "Not run, because it builds on “Two becomes four.”, which did not pass:",
        "- Halves become wholes.",
        "",
        "1 of 4 checks passed",
    ]


def test_checks_that_were_not_run_stand_below_what_they_build_on() -> None:
    def skipped(title: str, on: str) -> CheckResult:
        return check(title, Status.SKIPPED, rows=read(f"builds on “{on}”") if on else ())

    checks = (skipped("One.", "A."), skipped("Two.", "B."), skipped("Three.", "A."))
    lesson = LessonResult("double", LessonStatus.GRADED, 0.0, 3.0, None, checks)
    assert lesson_text.render(lesson).splitlines()[2:8] == [
        "Not run, because each builds on “A.”, which did not pass:", "- One.", "- Three.", "",
        "Not run, because it builds on “B.”, which did not pass:", "- Two.",
    ]  # fmt: skip
    [brief] = reduce_for_student(StudentResult("ada", (lesson,)), Feedback.BRIEF).lessons
    assert "Not run, because what they build on did not pass:" in lesson_text.render(brief)


def test_the_text_of_marks_alone_is_the_points() -> None:
    lesson, _ = reduce_for_student(ADA, Feedback.MARKS).lessons
    assert lesson_text.render(lesson) == "double: 1 of 4 points\n"


def test_nothing_is_called_all_passed_while_hidden_checks_remain() -> None:
    lesson = LessonResult("double", LessonStatus.GRADED, 1.0, 1.0, None, LESSON.checks[:1])
    assert "✓ 1 check passed" in lesson_text.render(lesson)
    shown = lesson_text.render(lesson, hidden_points=2.0)
    assert "all" not in shown
    assert "hidden checks remain, worth 2 points: they run when you hand in" in shown


def test_what_passes_with_a_right_earlier_lesson_is_reported_below_the_others() -> None:
    told = "right, with a `double` that is right"
    followed = check("Four becomes two.", Status.PASSED, rows=read(told), follow_through=True)
    half = LessonResult("half", LessonStatus.GRADED, 1.0, 1.0, None, (followed,))
    lines = lesson_text.render(half)
    assert lines.splitlines()[-4:] == [
        "✓ Four becomes two.", f"  {told}", "", "✓ 1 check passed",
    ]  # fmt: skip


def test_a_check_without_points_that_fails_is_told_beside_the_points() -> None:
    example = CheckResult("test_example", "The example holds.", Status.FAILED, 0.0, 0.0)
    checks = (check("Zero stays zero.", Status.PASSED), example)
    lesson = LessonResult("double", LessonStatus.GRADED, 1.0, 1.0, None, checks)
    first, *_ = lesson_text.render(lesson).splitlines()
    assert first == "double: 1 of 1 points, but 1 check without points fails"
