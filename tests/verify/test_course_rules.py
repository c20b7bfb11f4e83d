"""Rules of `grader verify` that need no grading."""

from __future__ import annotations

import pytest
from tiny_course import CourseWriter

from grader.course import Course
from grader.results import CheckResult, LessonResult, LessonStatus, Status
from grader.verify.answers import Answer, Graded, Kind
from grader.verify.course_rules import (
    costs_nothing_later,
    drawing_shows_something,
    every_failure_is_named,
)


def lesson(*checks: tuple[str, Status, str | None]) -> LessonResult:
    results = tuple(
        CheckResult(name, name, status, 0.0, 1.0, misconception=misconception)
        for name, status, misconception in checks
    )
    return LessonResult("double", LessonStatus.GRADED, 0.0, len(checks), checks=results)


def told(*checks: tuple[str, Status, str | None]) -> list[str]:
    graded = Graded(Answer(Kind.KNOWN_WRONG, "wrong.py", ""), lesson(*checks))
    return list(every_failure_is_named("wrong.py", graded, "probes.py"))


def test_a_failure_without_a_name_beside_one_with_a_name_is_reported() -> None:
    assert told(
        ("a", Status.FAILED, "squared"), ("b", Status.FAILED, None), ("c", Status.TIMEOUT, None)
    ) == [
        "wrong.py: fails `b`, `c` without a name; add a call to probes.py that shows the mistake "
        "in what is checked there"
    ]


def test_failures_with_names_and_checks_that_did_not_run_are_all_right() -> None:
    named = ("a", Status.FAILED, "squared")
    assert told(named, ("b", Status.SKIPPED, None), ("c", Status.PASSED, None)) == []


def test_a_version_without_any_name_is_left_to_the_rule_that_tells_it() -> None:
    assert told(("a", Status.FAILED, None)) == []


def test_a_later_lesson_that_loses_points_or_cannot_be_graded_is_reported() -> None:
    results = [
        lesson(("a", Status.PASSED, None), ("b", Status.FAILED, None), ("c", Status.PENDING, None)),
        LessonResult("other", LessonStatus.UNREADABLE, 0.0, 1.0),
    ]
    assert list(costs_nothing_later("wrong.py", "once", results)) == [
        "wrong.py: costs points in double, too, where the solution fails `b`; check there what it "
        "does beyond handing on once",
        "wrong.py: keeps other, which imports it, from being graded",
    ]


DRAW = "def draw(student, X, words)"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"{DRAW}:\n    return student.double(X @ X.T)\n", None),
        (f"{DRAW}:\n    return student.double(X[:2])\n", "draws nothing of the solution"),
        (f"{DRAW}:\n    return student.duoble(X)\n", "no function `duoble`"),
        (f"{DRAW}:\n    return 1 / 0\n", "ZeroDivisionError"),
        (f"{DRAW}\n", "SyntaxError"),
        ("DRAW = 1\n", "AttributeError"),
    ],
)
def test_a_drawing_that_draws_nothing_of_the_solution_is_reported(
    tiny_course: CourseWriter, text: str, problem: str | None
) -> None:
    course = Course.load(tiny_course(show={"features": ["animal"]}))
    (drawn,) = course.lessons
    drawn.drawing.parent.mkdir(exist_ok=True)
    drawn.drawing.write_text(text)
    problems = list(drawing_shows_something(course, drawn))
    if problem is None:
        assert problems == []
    else:
        assert problems[0].startswith("tests/lessons/drawings/double.py: ")
        assert problem in problems[0]
