"""Which hint a student gets: of the check to look at first, of the function that it is about."""

from __future__ import annotations

import numpy as np
from places import REPOSITORY

from grader.checks.explanations import explain
from grader.checks.student import Call
from grader.course import Course
from grader.diagnosis.hints import choose_check, function_of
from grader.results import CheckResult, LessonResult, LessonStatus, Status

COURSE = Course.load(REPOSITORY)


def test_the_function_that_was_called_last_is_the_one_to_give_hints_of() -> None:
    """As the message tells it, whatever else the check calls."""
    for lesson in COURSE.lessons:
        for function in filter(str.isidentifier, lesson.hints):
            said = explain(AssertionError(), Call(function, {"x": np.ones(3)}), hidden=True)
            check = CheckResult("no_such_check", "A.", Status.FAILED, 0.0, 1.0, said)
            assert function_of(lesson, check) == function


def test_a_check_that_was_not_begun_belongs_to_the_function_that_its_code_calls() -> None:
    for lesson, name, function in (
        ("tiny_gpt", "test_a_text_goes_on_behind_its_prompt", "generate"),  # by student.call
        ("softmax", "test_each_row_sums_to_one", "softmax"),
    ):
        check = CheckResult(name, "A.", Status.NOT_ATTEMPTED, 0.0, 1.0)
        assert function_of(COURSE.lesson(lesson), check) == function


def test_a_failure_with_a_known_cause_comes_first_and_what_is_not_begun_last() -> None:
    def check(name: str, status: Status, mistake: str | None = None) -> CheckResult:
        return CheckResult(name, "A.", status, 0.0, 1.0, (), misconception=mistake)

    checks = [
        check("right", Status.PASSED),
        check("later", Status.NOT_ATTEMPTED),
        check("skipped", Status.SKIPPED),
        check("unclear", Status.TIMEOUT),
        check("clear", Status.FAILED, "negated"),
    ]
    for expected in ("clear", "unclear", "later"):
        result = LessonResult("it", LessonStatus.GRADED, 0.0, 5.0, None, tuple(checks))
        first = choose_check(result)
        assert first is not None
        assert first.check == expected
        checks.remove(first)
    assert (
        choose_check(LessonResult("it", LessonStatus.GRADED, 0.0, 5.0, None, tuple(checks))) is None
    )
