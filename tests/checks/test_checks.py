"""Checks as an instructor writes them, graded through the plugin and a real sandbox."""

from __future__ import annotations

import re

import pytest
from one_lesson_class import (
    ENDINGS,
    GOOD,
    IS_FOUR,
    WRONG,
    Grade,
    check_file,
    message_of,
    statuses_of,
)

from grader.errors import CourseError
from grader.results import LessonStatus


def test_every_ending_has_its_status(grade: Grade) -> None:
    for status, lesson in grade(ENDINGS, IS_FOUR).items():
        assert statuses_of(lesson) == [status]
        assert lesson.score == lesson.checks[0].score == (status == "passed")
        assert (message_of(lesson) == "") == (status == "passed")


def test_a_lesson_that_does_not_compile_is_unreadable_and_says_where(grade: Grade) -> None:
    lessons = grade({"ada": "x = = 1", "bo": "return 1", "di": GOOD}, IS_FOUR)
    assert lessons.pop("di").score == 1
    for lesson in lessons.values():
        assert (lesson.status, lesson.score) == (LessonStatus.UNREADABLE, 0.0)
        assert re.match(
            r"double.py does not compile in Python 3\.\d+, in line 1", str(lesson.message)
        )


def test_what_builds_on_a_failed_check_is_skipped_but_not_on_a_stub(grade: Grade) -> None:
    is_zero = "assert student.double(0) == 0"
    text = check_file("assert student.double(2) == 4", is_zero, is_zero)
    for first, then in ("ab", "bc"):
        mark = f'@pytest.mark.builds_on("test_{first}")'
        text = text.replace(f"\ndef test_{then}", f"\n{mark}\ndef test_{then}")
    stub = "def double(x):\n    if x: raise NotImplementedError\n    return 0"
    lessons = grade({"ada": WRONG, "bo": stub}, text)
    assert statuses_of(lessons["ada"]) == ["failed", "skipped", "skipped"]
    assert statuses_of(lessons["bo"]) == ["not_attempted", "passed", "passed"]
    assert message_of(lessons["ada"], 1) == "builds on “A.”"


def test_points_weigh_checks_and_visible_ones_come_first(grade: Grade) -> None:
    hidden = IS_FOUR.replace("\ndef", "\n@pytest.mark.points(2.5)\ndef").replace("test_a", "test_h")
    lessons = grade({"ada": WRONG, "bo": GOOD}, hidden, visible=check_file("pass"), points=3.5)
    assert [lesson.score for lesson in lessons.values()] == [1.0, 3.5]
    assert [check.check for check in lessons["ada"].checks] == ["test_a", "test_h"]


A_MARK = '@pytest.mark.{}\ndef test_b():\n    """B."""'
BROKEN_COURSES = {
    "points that do not add up": ("", 7, "worth 7 points, but its checks add up to 1"),
    "no docstring": ("def test_b(student): pass", 2, "needs a docstring"),
    "one name twice": ('def test_a(student):\n    """A."""', 2, "has another `test_a`"),
    "builds on nothing": (A_MARK.format("builds_on('test_x')"), 2, "test_x"),
    "builds on itself": (A_MARK.format("builds_on('test_b')"), 2, "no check of that name"),
    "builds on a later one": (
        A_MARK.format("builds_on('test_c')") + '\ndef test_c():\n    """C."""', 3, "test_c"),
    "points in words": (A_MARK.format("points('two')"), 1, "must be a number above 0"),
    "points that are no number": (A_MARK.format("points(float('nan'))"), 1, "number"),
    "an unknown mark": (A_MARK.format("point(2)"), 2, "point"),
    "a file that does not import": ("1 / 0", 1, r"test_double.py:2: .*: ZeroDivisionError"),
    "a file that does not compile": ("x = = 1", 1, r"test_double.py:2: .*invalid syntax"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "points", "words"), BROKEN_COURSES.values(), ids=BROKEN_COURSES)
def test_a_contradiction_is_refused(grade: Grade, text: str, points: int, words: str) -> None:
    with pytest.raises(CourseError, match=words):
        grade({"ada": GOOD}, f"import pytest\n{text}\n", visible=check_file("pass"), points=points)


def test_a_course_that_lists_no_packages_is_graded(grade: Grade) -> None:
    assert grade({"ada": GOOD}, IS_FOUR, packages=())["ada"].score == 1


def test_a_check_that_the_reference_fails_too_costs_nobody_a_point(grade: Grade) -> None:
    text = check_file(
        "assert student.double(2) == 5", "student.missing(2)", "student.double(print)"
    )
    lessons = grade({"ada": GOOD, "bo": WRONG}, text)
    for lesson in lessons.values():
        assert statuses_of(lesson) == ["grader_error"] * 3
        assert lesson.score == lesson.max_score == 3
    assert "AssertionError at hidden/test_double.py:7" in message_of(lessons["ada"])


@pytest.mark.parametrize("value", [
    "None", "'text'", "[[1], [1, 2]]", "10**400", "{1: {2: 3}}", "float('nan')", "b''", "1j",
    "['x' * 9, None]", "np.zeros((0, 3))", "np.array(['x'])",
])  # fmt: skip
def test_a_check_that_trips_over_a_strange_value_has_failed(grade: Grade, value: str) -> None:
    text = check_file(
        "assert student.double(np.ones(3)).shape == (3,)",
        "np.testing.assert_allclose(student.double(np.ones(2)), [2, 2])",
        "assert student.double(np.asarray(student.double(2))) == 8",
        "assert 3 < student.double(2) < 5",
        "assert np.linalg.norm(student.double(np.ones(3))) > 3",
    )
    odd = f"import numpy as np\ndef double(x): return {value}"
    lessons = grade({"ada": GOOD, "bo": odd, "cy": GOOD}, text)
    assert statuses_of(lessons["bo"]) == ["failed"] * 5
    assert statuses_of(lessons["ada"]) == statuses_of(lessons["cy"]) == ["passed"] * 5


@pytest.mark.slow
@pytest.mark.parametrize("status", ["timeout", "out_of_memory", "crashed"])
def test_a_check_that_swallows_a_fault_does_not_hide_it(grade: Grade, status: str) -> None:
    text = check_file(
        "try: student.double(2)\nexcept Exception: pass",
        "with pytest.raises(Exception): student.double(2)",
    )
    lessons = grade({"ada": ENDINGS[status]}, text, solution="def double(x): raise ValueError")
    assert statuses_of(lessons["ada"]) == [status] * 2


def test_parametrized_checks_are_checks_of_their_own(grade: Grade) -> None:
    text = check_file("assert student.double(n) == 2 * n", args="student, n")
    text = text.replace("\ndef", "\n@pytest.mark.parametrize('n', [0, 1])\ndef")
    lesson = grade({"ada": WRONG}, text, points=2)["ada"]
    assert [check.check for check in lesson.checks] == ["test_a[0]", "test_a[1]"]
    assert statuses_of(lesson) == ["passed", "failed"]


def test_chance_is_the_same_for_every_student_and_differs_by_check(grade: Grade) -> None:
    line = "assert student.double(rng.random()) == 'shown'"
    tell = "def double(x): raise ValueError(x)"
    lessons = grade(
        {"ada": tell, "bo": f"import random, os\nrandom.random()\n{tell}", "cy": tell},
        visible=check_file(line, f"rng.random(5)\n{line}", line, args="student, rng"),
        solution="def double(x): return 'shown'",
    )
    numbers = [[message_of(lesson, n) for n in range(3)] for lesson in lessons.values()]
    assert [text.replace("line 3", "line 1") for text in numbers[1]] == numbers[0] == numbers[2]
    assert len(set(numbers[0])) == 3


def test_a_student_cannot_change_the_checks_own_input(grade: Grade) -> None:
    body = "x = np.ones(3)\ncall = student.call('double', x)\nassert x.tolist() == [1, 1, 1]\n"
    text = check_file(body + "assert call.changed == (), f'changed {call.changed}'")
    lessons = grade({"ada": "def double(x):\n    x *= 2\n    return x", "bo": GOOD}, text)
    assert statuses_of(lessons["bo"]) == ["passed"]
    assert "changed ('x',)" in message_of(lessons["ada"])


LOOKS_AHEAD = """
import sys

def double(x):
    frame = sys._getframe()
    while frame:
        if "foreseen" in frame.f_locals:
            raise ValueError(f"{len(frame.f_locals['foreseen'])} known ahead")
        frame = frame.f_back
    return 2 * x
"""


@pytest.mark.parametrize(
    "body",
    [
        "four = student.double(2.0); assert student.double(four) == 8.0",
        "four = round(student.double(2.0)); assert student.double(four) == 8",
        "four = np.float16(student.double(2.0)); assert student.double(four) == 8",
        "at = int(np.argmax(student.double(np.arange(3.0)))); assert student.double(at) == 4",
        "for n in range(round(student.double(2.0))): assert student.double(n) == 2 * n",
        "four = student.double(2.0); assert four == 4.0; assert student.double(four) == 8.0",
        "four = student.double(2.0); assert four == 4.0; four < 5.0 and student.double(1.0)",
    ],
    ids=[
        "as it is",
        "rounded",
        "in few digits",
        "where it is largest",
        "as often",
        "behind an assertion",
        "if it is small",
    ],
)
def test_no_call_of_a_check_that_goes_by_the_references_answers_is_made_ahead(
    grade: Grade, body: str
) -> None:
    (lesson,) = grade({"ada": LOOKS_AHEAD}, check_file(body)).values()
    assert statuses_of(lesson) == ["passed"]


@pytest.mark.parametrize(
    "body",
    [
        "assert student.double(2.0) == 4.0; assert student.double(3.0) == 6.0",
        "is_double(student, 2.0); is_double(student, 3.0)",
        "assert all([student.double(2.0) == 4.0, student.double(3.0) == 6.0])",
    ],
    ids=["assertions", "functions of the file", "one expression"],
)
def test_the_calls_of_a_check_that_goes_by_nothing_are_made_ahead(grade: Grade, body: str) -> None:
    helper = "def is_double(student, x):\n    assert student.double(x) == 2 * x\n"
    (lesson,) = grade({"ada": LOOKS_AHEAD}, f"{helper}{check_file(body)}").values()
    assert "2 known ahead" in message_of(lesson)
