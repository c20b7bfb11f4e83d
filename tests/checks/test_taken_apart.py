"""Plain asserts of visible checks say their values; hidden ones say none."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.checks import taken_apart
from grader.checks.pytest_internals import REWRITER, rewrite_asserts
from grader.checks.taken_apart import values_of


class Box:
    """Has no words of its own."""


def values(statement: str, **names: Any) -> tuple[str, str]:
    """The sentence and the values of an assertion that fails."""
    module = ModuleType("check")
    code = rewrite_asserts(f"def check():\n    {statement}\n".encode(), "check.py")
    exec(code, vars(module))
    vars(module).update({REWRITER: sys.modules[taken_apart.__name__], "np": np}, **names)
    with pytest.raises(AssertionError) as caught:
        module.check()
    return str(caught.value), values_of(caught.value)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("assert f(2) == 5", "4 == 5, where 4 = f(2)"),
        ("assert f(2) + f(3) == f(4)", "(4 + 6) == 8, where 4 = f(2) and 6 = f(3) and 8 = f(4)"),
        ("assert words['a'] == 'b'", "'x' == 'b'"),
        ("assert 1 < number < 3", "5 < 3"),
        ("assert not flag", "not True"),
        ("assert number == 4 or number == 6", "(5 == 4 or 5 == 6)"),
        ("assert flag and number == 4", "(True and 5 == 4)"),
        ("assert number in [1, 2]", "5 in [1, 2]"),
        ("assert box is None", "a Box is None"),
        ("assert array.sum() == 3.5", "3.0 == 3.5, where 3.0 = sum()"),
        ("assert array.shape == (3,)", "(2,) == (3,), where (2,) = [1. 2.].shape"),
        ("assert len(large) == 3", "1000 == 3, where 1000 = len((1000,) float64)"),
        ("assert text == ''", "'100% {of} it' == ''"),
        ("assert np.allclose(array, 2)", "False, where False = allclose([1. 2.], 2)"),
    ],
)
def test_a_plain_assert_says_its_values(statement: str, said: str) -> None:
    found = values(
        statement,
        f=lambda x: 2 * x,
        words={"a": "x"},
        number=5,
        flag=True,
        box=Box(),
        array=np.array([1.0, 2.0]),
        large=np.zeros(1000),
        text="100% {of} it",
    )
    assert found[0] == ""
    assert found[1].replace("<lambda>", "f") == said


def test_an_authors_sentence_stays_as_it_is() -> None:
    sentence, said = values("assert number == 5, f'{number}% of\\n{words}'", number=4, words="it")
    assert sentence == "4% of\nit"
    assert said == "4 == 5"


def test_no_value_is_too_long_for_a_line() -> None:
    _, said = values("assert text == other", text="x" * 10**6, other=list(range(10**5)))
    assert len(said) < 300


CHECKS = '''
def test_double(student):
    """Twice."""
    assert student.double(21) == 42
'''


@pytest.mark.parametrize("place", ["visible", "hidden"])
def test_visible_checks_say_values_and_hidden_ones_none(grade: Any, place: str) -> None:
    students = {"ada": "def double(x): return x + 2"}
    found = grade(students, **{place: CHECKS})["ada"]
    message = found.checks[0].message
    assert ("here that is `23 == 42`, where 23 = double(21)" in message) is (place == "visible")
    assert ("42" in message) is (place == "visible")


def test_no_code_of_the_students_runs_for_it(grade: Any) -> None:
    checks = '''
def test_box(student):
    """A box."""
    assert student.Box() == student.Box()
'''
    endless = (
        "class Box:\n    def __eq__(self, other): return False\n"
        "    def __repr__(self):\n        while True: pass\n"
    )
    equal = "class Box:\n    def __eq__(self, other): return True\n"
    found = grade({"ada": endless}, visible=checks, solution=equal)["ada"]
    assert found.checks[0].status == "failed"
    assert "here that is `a Box == a Box`" in found.checks[0].message
