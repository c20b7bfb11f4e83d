"""What a check's message shows of numbers that are hidden, visible, or written by a student."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from one_lesson_class import GOOD, IS_FOUR, Grade, check_file, message_of

from grader.checks.descriptions import describe_value, show_contents
from grader.course import Course
from grader.grading import grading_process
from grader.results import Status
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

if TYPE_CHECKING:
    from tiny_course import CourseWriter

VALUE = "student.double(x), reference.double(x)"
COMPARISONS = [
    *(f"np.testing.assert_{name}({VALUE})" for name in (
        "allclose", "array_equal", "equal", "almost_equal", "array_almost_equal",
        "array_almost_equal_nulp", "array_max_ulp")),
    f"np.testing.assert_array_less({VALUE} + 1)",
    "np.testing.assert_approx_equal(student.double(1.0), reference.double(1.0))",
    "np.testing.assert_equal({'a': [student.double(1)]}, {'a': [reference.double(1)]})",
    "assert student.double(1) == reference.double(1)",
    "assert student.double(1) == pytest.approx(reference.double(1))",
    "{reference.double(1): 0}[student.double(1)]",
]  # fmt: skip


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_a_hidden_value_is_in_no_message(grade: Grade, comparison: str) -> None:
    text = check_file(f"x = np.ones(2)\n{comparison}")
    wrong, secret = "def double(x): return x * 0 + 5e6", "def double(x): return x * 0 + 271828.25"
    lesson = grade({"ada": wrong}, text, solution=secret)["ada"]
    assert lesson.checks[0].status is Status.FAILED
    assert not [part for part in ("2718", "4728", "5271", "94.") if part in message_of(lesson)]


def test_the_numbers_of_a_visible_check_are_shown(grade: Grade) -> None:
    text = check_file(
        "np.testing.assert_allclose(student.double(np.ones(2)), [2, 2], err_msg='because')"
    )
    lesson = grade({"ada": "def double(x): return 7 * x"}, visible=text)["ada"]
    said = " ".join(message_of(lesson).split())
    assert said == (
        "called double(x) x: (2,) float64 with x = [1. 1.] got [7. 7.] expected [2 2] why because"
    )


def test_the_numbers_of_a_cell_that_fails_are_told_where_no_check_is_hidden(
    tiny_course: CourseWriter, asserts_as_written: None
) -> None:
    lessons = [{"id": "double", "points": 1}]
    course = Course.load(tiny_course(lessons=lessons, hidden={"double": None}))
    cells = (GOOD, "raise ValueError(271828.25)")
    submission = Submission("ada", {"double": Source("double.ipynb", cells, notebook=True)})
    (result,) = grading_process.grade_batch(course, Isolation.FULL, [submission])
    assert result.lessons[0].message == (
        "double.ipynb, cell 2, line 1 (`raise ValueError(271828.25)`) raises ValueError: "
        "271828.25; everything else counts"
    )


NASTY = r"'\x1b[2J\u202e\r\n\x00' + 'x' * 10**6"


@pytest.mark.parametrize("text", [
    f"raise ValueError({NASTY})",
    f"def double(x): raise ValueError({NASTY})",
    f"def double(x): return {NASTY}",
    f"def double(x): return {{{NASTY}: 1}}, [{NASTY}]",
    r"def double(x): raise type('\x1b[2J\u202e\r' * 99, (Exception,), {})",
    r"def double(x): return type('\x1b[2J\u202e\r' * 99, (), {})()",
    "def double(x): raise ValueError('" + "x\u202e" * 2_000 + "')",
])  # fmt: skip
@pytest.mark.parametrize("kind", ["hidden", "visible"])
def test_what_a_student_writes_is_cut_and_cleaned(grade: Grade, text: str, kind: str) -> None:
    lesson = grade({"ada": text}, **{kind: IS_FOUR})["ada"]
    for shown in [lesson.message or "", *(check.message or "" for check in lesson.checks)]:
        assert len(shown) < 1_000
        assert not set(shown) & set("\x1b\u202e\r\x00")


@pytest.mark.parametrize(("drawn", "kind"), [
    ("987654321", "an int"), ("1.234", "a float"), ("'xyzzy-secret'", "a text"),
    ("np.int64(987654321)", "an int64"), ("1.234j", "a complex"), ("None", "None"),
    ("float('nan')", "a float, nan or infinite"), ("(1.234, 'xyzzy-secret')",
     "a tuple of 2 values: a float, a text"),
])  # fmt: skip
def test_what_a_hidden_check_calls_with_is_told_by_its_kind(
    grade: Grade, drawn: str, kind: str
) -> None:
    text = check_file(f"assert student.double({drawn}) == [4]")
    graded = grade({"ada": "def double(x): return x"}, text, solution="def double(x): return [4]")
    lesson = graded["ada"]
    called, got, *_ = [*message_of(lesson).splitlines(), ""]
    assert called == f"called     double(x)    x: {kind}"
    assert kind == "None" or got == f"got        {kind}"
    assert not [part for part in ("9876", "1.23", "xyzzy") if part in message_of(lesson)]


@pytest.mark.parametrize(("returned", "got"), [
    ("(1, 2, 3, 4)", "a tuple of 4 values"), ("[1, 2, 3]", "a list of 3 values"),
])  # fmt: skip
def test_where_a_list_is_due_the_expected_line_says_so(
    grade: Grade, returned: str, got: str
) -> None:
    text = check_file("assert student.double(2) == reference.double(2)")
    program, solution = f"def double(x): return {returned}", "def double(x): return [1, 2, 3, 4]"
    lesson = grade({"ada": program}, text, solution=solution)["ada"]
    assert f"got        {got}\nexpected   a list of 4 values" in message_of(lesson)


@pytest.mark.parametrize("where", ["in the function", "at import"])
def test_who_asks_with_input_reads_that_nobody_types(grade: Grade, where: str) -> None:
    program = {"in the function": "def double(x): return 2 * float(input())",
               "at import": "x = float(input())"}[where]  # fmt: skip
    lesson = grade({"ada": program}, IS_FOUR)["ada"]
    said = lesson.message if where == "at import" else message_of(lesson)
    assert "nobody is there to type when `input()` asks" in str(said)


def test_a_plain_assert_on_words_shows_a_visible_checks_input_answer_and_line(
    grade: Grade,
) -> None:
    text = check_file("assert student.double(['a', 'b']) == ['a', 'a', 'b', 'b']")
    program = "def double(x): return {'a': 1}"
    solution = "def double(x): return ['a', 'a', 'b', 'b']"
    said = message_of(grade({"ada": program}, visible=text, solution=solution)["ada"])
    assert "with       x = ['a', 'b']" in said
    assert "got        {'a': 1}" in said
    assert "why        the check asks for `student.double(['a', 'b']) == ['a'," in said


def test_arrays_in_a_list_are_shown_in_one_line_and_large_ones_by_their_shape() -> None:
    assert show_contents([(np.array([[0.0], [1.0]]), 0, 1)]) == "[([[0.] [1.]], 0, 1)]"
    assert show_contents([(np.zeros((6, 4)), 0)]) == "[((6, 4) float64, 0)]"


def test_where_nan_comes_back_its_causes_are_told(grade: Grade) -> None:
    text = check_file("np.testing.assert_allclose(student.double(2), 4.0)")
    program = "def double(x): return float('inf') - float('inf')"
    said = message_of(grade({"ada": program}, visible=text)["ada"])
    assert "0 / 0, inf - inf and 0 * inf give nan" in said
    right = message_of(grade({"ada": "def double(x): return 5.0"}, visible=text)["ada"])
    assert "nan" not in right


def test_a_huge_answer_to_a_plain_assert_is_cut(grade: Grade) -> None:
    program = "def double(x): return [10**5000, 'x' * 10**5] + [[[[[1]]]]] * 10**4"
    said = message_of(grade({"ada": program}, visible=IS_FOUR)["ada"])
    assert len(said) < 600
    assert "could not put" not in said


def test_a_float_is_told_from_a_whole_number() -> None:
    assert describe_value(1.0) == "the number 1.0"
    assert describe_value(-3.0) == "the number -3.0"
    assert describe_value(1) == "the number 1"
    assert describe_value(0.25) == "the number 0.25"
    assert describe_value(float("nan")) == "the number nan"
    assert describe_value(1e300) == "the number 1e+300"
