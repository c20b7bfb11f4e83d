"""Tests that were written for no grader: they import the student's module, and run as they are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from one_lesson_class import LIMITS, statuses_of
from tiny_course import write_course

from grader.course import Course
from grader.errors import CourseError
from grader.grading import grading_process
from grader.results import LessonResult
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

SOLUTION = '''
LIMIT = 3
NAMES = ["a", "b"]


class Full(Exception):
    """No room."""


class FullOfEggs(Full):
    """No room for eggs."""


class Stack:
    size = 9

    def __init__(self):
        self.items = []

    def push(self, item):
        if len(self.items) == LIMIT:
            raise (FullOfEggs if item == "egg" else Full)("full")
        self.items.append(item)

    def pop(self):
        return self.items.pop()


def greet(name="you"):
    if not name:
        raise ValueError("nobody")
    return f"Hello {name}"


def add(a, b):
    return a + b
'''
CHECKS = '''
import unittest

import pytest
from gradescope_utils.autograder_utils.decorators import number, visibility, weight
from hypothesis import given, strategies as st

import lesson
import lesson as module
from lesson import LIMIT, Full, Stack, add
from lesson import greet as f

seen = []


class StackTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.default = "you"

    def setUp(self):
        self.stack = Stack()

    def fill(self):
        for item in range(LIMIT):
            self.stack.push(item)

    def test_last_in_first_out(self):
        self.stack.push(1)
        self.stack.push(2)
        self.assertEqual(self.stack.pop(), 2)

    def test_full(self):
        self.fill()
        with self.assertRaises(Full) as error:
            self.stack.push(1)
        self.assertEqual(type(error.exception), Full)
        self.assertEqual(error.exception.args[0], "full")

    def test_eggs(self):
        self.fill()
        with self.assertRaises(Full) as error:
            self.stack.push("egg")
        self.assertNotEqual(type(error.exception), Full)
        self.assertIs(isinstance(error.exception, lesson.FullOfEggs), True)

    @unittest.skip("not yet")
    def test_skipped(self):
        self.fail()

    def test_names(self):
        for name in ("Ada", "Ben", self.default):
            with self.subTest(name=name):
                self.assertEqual(f(name), "Hello " + name, "greets by name")


class GreetTest(unittest.TestCase):
    @pytest.mark.task(taskno=2)
    @weight(2)
    @number("1.1")
    def test_names(self):
        """Nobody is greeted as nobody."""
        with self.assertRaises(ValueError) as error:
            f("")
        self.assertEqual(type(error.exception), ValueError)
        self.assertTrue(str(error.exception).startswith("nobody"))


class TestPlain:
    def setup_method(self):
        self.stack = Stack()

    def test_class_attribute(self):
        assert Stack.size == 9 and isinstance(self.stack, module.Stack)


@pytest.fixture
def full():
    stack = Stack()
    for item in range(LIMIT):
        stack.push(item)
    return stack


@pytest.mark.points(3)
def test_fixture(full):
    with pytest.raises(Full, match="full"):
        full.push(1)


@pytest.mark.parametrize(("a", "b"), [(1, 2), (0.1, 0.2)])
def test_add(a, b):
    assert add(a, b) == pytest.approx(a + b)


@pytest.mark.parametrize("function", [add, lambda a, b: a + b])
def test_same(function):
    assert function(1, 2) == 3


@given(st.integers(), st.integers())
def test_commutes(a, b):
    seen.append((a, b))
    assert add(a, b) == add(b, a)


def test_imported_inside():
    from lesson import NAMES, greet

    assert greet(NAMES[0]) == "Hello a"


def test_value_of_each(student):
    """Values are variables."""
    assert module.LIMIT == student.LIMIT == LIMIT == len(range(LIMIT))
    assert student.NAMES == lesson.NAMES
'''
STUDENTS = {
    "right": SOLUTION,
    "other_limit": SOLUTION.replace("LIMIT = 3", "LIMIT = 2"),
    "never_full": SOLUTION.replace("== LIMIT", "== 99"),
    "wrong_type": SOLUTION.replace('ValueError("nobody")', 'KeyError("nobody")'),
    "subtracts": SOLUTION.replace("a + b", "a - b"),
    "no_limit": SOLUTION.replace("LIMIT = 3", "").replace("LIMIT", "3"),
}


def write(folder: Path, checks: str, points: float = 1, solution: str = SOLUTION) -> Course:
    lessons = [{"id": "lesson", "points": points}]
    write_course(
        folder, lessons=lessons, solutions={"lesson": solution}, hidden={"lesson": checks},
        visible={"lesson": None}, limits=LIMITS,
    )  # fmt: skip
    return Course.load(folder)


def grade(course: Course, programs: Mapping[str, str]) -> dict[str, LessonResult]:
    class_ = [
        Submission(name, {"lesson": Source("lesson.py", (text,), False)})
        for name, text in programs.items()
    ]
    try:
        results = grading_process.grade_batch(course, Isolation.FULL, class_)
        return {result.student: result.lessons[0] for result in results}
    finally:
        grading_process.forget()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LessonResult]:
    return grade(write(tmp_path_factory.mktemp("course"), CHECKS, 17), STUDENTS)


def failed(lesson: LessonResult) -> set[str]:
    return {check.check for check in lesson.checks if check.status != "passed"}


@pytest.mark.slow
def test_a_right_answer_passes_every_kind_of_test(graded: dict[str, LessonResult]) -> None:
    lesson = graded["right"]
    assert (lesson.score, failed(lesson)) == (17, set()), lesson
    names = [check.check for check in lesson.checks]
    assert "test_skipped" not in names
    assert names[:4] == ["test_last_in_first_out", "test_full", "test_eggs", "test_names"]
    assert "GreetTest.test_names" in names


def test_points_come_from_marks_and_from_weights(graded: dict[str, LessonResult]) -> None:
    points = {check.check: check.max_score for check in graded["right"].checks}
    assert (points["GreetTest.test_names"], points["test_fixture"], points["test_full"]) == (
        2,
        3,
        1,
    )


def test_a_test_without_a_docstring_has_its_name_as_a_title(
    graded: dict[str, LessonResult],
) -> None:
    titles = {check.check: check.title for check in graded["right"].checks}
    assert titles["test_last_in_first_out"] == "Last in first out."
    assert titles["test_add[1-2]"] == "Add."
    assert titles["GreetTest.test_names"] == "Nobody is greeted as nobody."


def test_values_functions_and_classes_are_those_of_each_student(
    graded: dict[str, LessonResult],
) -> None:
    assert failed(graded["other_limit"]) == set(), "it fills its own stack to its own limit"
    assert failed(graded["never_full"]) == {"test_full", "test_eggs", "test_fixture"}
    assert failed(graded["wrong_type"]) == {"GreetTest.test_names"}
    assert failed(graded["subtracts"]) == {
        "test_add[1-2]", "test_add[0.1-0.2]", "test_same[function0]", "test_commutes"
    }  # fmt: skip


def test_a_missing_value_costs_the_tests_that_look_at_it_alone(
    graded: dict[str, LessonResult],
) -> None:
    lesson = graded["no_limit"]
    assert failed(lesson) == {"test_full", "test_eggs", "test_fixture", "test_value_of_each"}
    said = next(it.message for it in lesson.checks if it.check == "test_full")
    assert "there is nothing called `LIMIT` in your file" in str(said)


@pytest.mark.slow
def test_a_hidden_test_case_shows_no_value_that_it_compared(
    graded: dict[str, LessonResult], tmp_path: Path
) -> None:
    checks = CHECKS.replace('("Ada", "Ben", self.default)', '("Secretname",)')
    lesson = grade(write(tmp_path, checks, 17), {"a": SOLUTION.replace("Hello {", "Hullo {")})["a"]
    said = str([check.message for check in lesson.checks if check.check == "test_names"])
    assert "greets by name" in said
    assert "Secretname" not in said


def test_a_star_import_means_the_public_names(tmp_path: Path) -> None:
    checks = """
import re
from lesson import *


def test_all():
    assert re.match("Hello", greet("x")) and LIMIT == 3
"""
    programs = {"a": SOLUTION, "b": STUDENTS["other_limit"]}
    found = grade(write(tmp_path, checks, solution=f"import re\n{SOLUTION}"), programs)
    assert [statuses_of(it) for it in found.values()] == [["passed"], ["failed"]]


def test_another_lesson_cannot_be_imported(tmp_path: Path) -> None:
    folder = write_course(
        tmp_path, lessons=["double", "triple"],
        hidden={"triple": "import double\n\n\ndef test_it(student):\n    pass\n"},
    )  # fmt: skip
    with pytest.raises(CourseError, match=r"test_triple.py:1: imports `double`, another lesson"):
        grade(Course.load(folder), {"a": ""})


def test_a_hidden_weight_belongs_into_hidden(tmp_path: Path) -> None:
    checks = """
from gradescope_utils.autograder_utils.decorators import visibility
from double import double


@visibility("hidden")
def test_it():
    assert double(1) == 2
"""
    folder = write_course(tmp_path, visible={"double": checks})
    with pytest.raises(CourseError, match="is not to be seen, so it belongs into hidden/"):
        grade(Course.load(folder), {"a": ""})


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        ("monkeypatch.setattr(lesson, 'add', len)", "hand the function over as an argument"),
        ("import inspect; inspect.getsourcelines(lesson.add)", "student.source('add')"),
        ("from unittest import mock\n    with mock.patch('lesson.add'): pass", "student.glue(…)"),
    ],
)
def test_what_cannot_run_apart_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, body: str, advice: str
) -> None:
    checks = f"import lesson\n\n\ndef test_it(student, monkeypatch):\n    {body}\n"
    (check,) = grade(write(tmp_path, checks), {"a": SOLUTION})["a"].checks
    assert check.status == "grader_error"
    assert advice in str(check.message)
    assert "hidden/test_lesson.py:" in str(check.message)


@pytest.mark.parametrize("body", ["subprocess.run(['python', 'lesson.py'])", "open('lesson.py')"])
def test_a_file_that_looks_for_the_students_is_told_how_to_run_and_read_it(
    tmp_path: Path, body: str
) -> None:
    checks = f"import lesson, subprocess\n\n\ndef test_it():\n    {body}\n"
    with pytest.raises(CourseError, match=r"test_lesson.py:5: .* student.source\(\) is its text"):
        grade(write(tmp_path, checks), {"a": SOLUTION})


def test_the_source_of_a_function_is_a_text(tmp_path: Path) -> None:
    checks = """
from lesson import add


def test_without_loops(student):
    assert student.source("add") == "def add(a, b):\\n    return a + b"
    assert "while" not in student.source()
    assert student.source("Stack").startswith("class Stack:\\n    size = 9")
    assert student.source("nothing") == ""
"""
    found = grade(write(tmp_path, checks), {"a": SOLUTION, "b": SOLUTION + "\nwhile False: pass\n"})
    assert [statuses_of(it) for it in found.values()] == [["passed"], ["failed"]]
