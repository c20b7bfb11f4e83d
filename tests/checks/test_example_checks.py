"""The examples in a docstring are a check: what they find, and what is said of it."""

from __future__ import annotations

from textwrap import dedent, indent
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from one_lesson_class import IS_FOUR, Grade

from grader.checks.docstring_examples import examples_in, find_false_examples
from grader.checks.example_checks import ExampleFails, Examples, prepare, run_examples
from grader.checks.reference import ReferenceCallee
from grader.checks.student import Student
from grader.course import Course
from grader.results import CheckResult, Status
from grader.results.message import write

if TYPE_CHECKING:
    from tiny_course import CourseWriter

RIGHT = "import numpy as np\nLIMIT = np.array([1.0, 2.0])\ndef double(x): return 2 * np.asarray(x)"


def run(docstring: str, code: str = RIGHT) -> str:
    """What is said of the examples of `double` where this code is the student's; empty if good."""
    own, reference = ModuleType("own"), ModuleType("reference")
    exec(code, vars(own))
    exec(RIGHT, vars(reference))
    student = Student()
    student.begin_check(ReferenceCallee(own), reference)
    examples = Examples("double", dedent(docstring), "solutions/double.py", 1, ("double",))
    try:
        run_examples(examples, student)
    except ExampleFails as error:
        return write(error.rows)
    return ""


@pytest.mark.parametrize(
    "docstring",
    [
        ">>> double(2)\n4",
        ">>> double(2.0)\n4.0",
        ">>> double([1, 2])\narray([2, 4])",
        ">>> double([1, 2]).tolist()\n[2, 4]",
        ">>> print(double([0.125, 1]))\n[0.25 2.  ]",
        ">>> x = np.ones(2)\n>>> double(x)  # names stay\narray([2., 2.])",
        ">>> double(LIMIT).sum()\nnp.float64(6.0)",
        ">>> double(LIMIT).sum()\n6.0",
        ">>> for n in (1, 2):\n...     double(n)\n2\n4",
        ">>> for n in (1, 2):\n...     print(n, int(double(n)))\n1 2\n2 4",
        ">>> double(object())  # doctest: +SKIP\n<something>",
        ">>> double([1] * 99)  # doctest: +ELLIPSIS\narray([2, ..., 2])",
        ">>> double(2) is None\nFalse",
        ">>> double(None)\nTraceback (most recent call last):\n    ...\nTypeError: any words",
        ">>> double(1) == 3\nFalse\n>>> 'a'\n'a'",
    ],
)
def test_examples_of_every_form_hold_for_a_right_function(docstring: str) -> None:
    assert run(docstring) == ""


def test_a_value_that_differs_is_told_with_the_example() -> None:
    assert run(">>> double(2)  # twice\n4", "def double(x): return x * x + 1") == (
        "got        5\nexpected   4\nwhy        an example of the description: double(2)  # twice"
    )


def test_the_first_example_that_fails_is_told_although_a_later_one_raises() -> None:
    said = run(">>> double(2)\n4\n>>> double([2])[0]\n4", "def double(x): return 3")
    assert said.startswith("got        3\nexpected   4\n")


def test_a_value_with_which_the_example_cannot_go_on_is_told_itself() -> None:
    said = run(">>> double([1, 2]).tolist()\n[2, 4]", "def double(x): return None")
    assert said.startswith("got        None\nexpected   [2, 4]\n")


def test_a_name_that_is_not_there_is_told() -> None:
    assert run(">>> double(MISSING)\n4").startswith("got        NameError: name 'MISSING' is not")


def test_an_exception_that_does_not_come_is_told() -> None:
    docstring = ">>> double('a')\nTraceback (most recent call last):\nTypeError: no text"
    said = run(docstring, "def double(x): return x + x")
    assert said.startswith("got        'aa'\nexpected   TypeError\n")


def test_another_exception_goes_on_its_way() -> None:
    docstring = ">>> double('a')\nTraceback (most recent call last):\nTypeError: no text"
    with pytest.raises(KeyError):
        run(docstring, "def double(x): raise KeyError(x)")


def test_an_argument_that_was_changed_in_place_is_told_although_the_value_is_right() -> None:
    said = run(
        ">>> double(np.array([1, 2])).tolist()\n[2, 4]", "def double(x):\n x *= 2\n return x"
    )
    assert said == (
        "changed    x, which was yours to read only\n"
        "why        the caller still needs it; an example of the description: "
        "double(np.array([1, 2])).tolist()"
    )


def test_each_run_has_values_of_its_own() -> None:
    docstring = ">>> LIMIT[0] = 5\n>>> double(LIMIT).tolist()\n[10.0, 4.0]"
    assert run(docstring) == run(docstring) == ""


def test_a_huge_value_is_described_and_costs_no_memory() -> None:
    code = "import numpy as np\ndef double(x): return np.ones((8_000_000, 1, 1), np.int8)"
    said = run(">>> np.round(double([1, 2]), 2).tolist()\n[2, 4]", code)
    assert said.startswith("got        (8000000, 1, 1) int8\nexpected   [2, 4]\n")


def test_huge_values_in_a_pair_cost_no_memory_either() -> None:
    code = (
        "import numpy as np\ndef double(x):\n"
        "    huge = np.ones((4_000_000, 1, 1), np.int8)\n    return huge, huge"
    )
    said = run(">>> first, second = double([1, 2])\n>>> np.round(first, 2).tolist()\n[2, 4]", code)
    assert said.startswith("got        a tuple of 2 values")


def test_a_list_of_numbers_is_as_good_as_an_array() -> None:
    code = "def double(x): return tuple(2 * it for it in x)"
    assert run(">>> double([1, 2]).tolist()\n[2, 4]", code) == ""
    assert run(">>> double([1, 2]).tolist()\n[2, 5]", code).startswith("got        [2, 4]\n")


def test_a_long_value_is_not_written_out() -> None:
    said = run(">>> double(2)\n4", "def double(x): return list(range(1000))")
    assert said.startswith("got        a list of 1000 values\n")


# ---- in a course

DOCUMENTED = '''\
import numpy as np

LIMIT = 3


def helper(x):
    """Not to be written.

    >>> helper(1)
    2
    """
    return x + 1


def double(x):
    """Twice x.

{examples}
    """
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
'''
NOTED = ">>> double(LIMIT)\n6\n>>> helper(double(2))\n5"


def documented(examples: str) -> str:
    return DOCUMENTED.replace("{examples}", indent(examples, "    "))


def examples_check(results: tuple[CheckResult, ...]) -> CheckResult:
    (found,) = [it for it in results if it.check.startswith("test_examples_of_")]
    return found


def test_only_functions_that_a_student_writes_have_checks_of_their_examples(
    tiny_course: CourseWriter,
) -> None:
    folder = tiny_course(solutions={"double": documented(NOTED)})
    course = Course.load(folder)
    (examples,) = examples_in(course, course.lessons[0])
    assert (examples.function, examples.functions) == ("double", ("helper", "double"))
    assert [it.line for it in prepare(examples)] == [18, 20]


def test_a_docstring_whose_examples_are_all_skipped_is_no_check(tiny_course: CourseWriter) -> None:
    folder = tiny_course(solutions={"double": documented(">>> double(1)  # doctest: +SKIP\n7")})
    course = Course.load(folder)
    assert [*examples_in(course, course.lessons[0])] == []


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        (">>> double(1)\n2\n>>> double(2)\n5", "solutions/double.py:20: the solution does not do"),
        (">>> np.random.rand()\n0.37", "solutions/double.py:18: the solution does not do what"),
        (">>> helper\n<function helper at 0x7f>", "solutions/double.py:18: the solution does not"),
        (">>>double(1)\n2", "solutions/double.py:16: the examples of `double` cannot be run ("),
        (">>> double(\n2", "solutions/double.py:16: the examples of `double` cannot be run ("),
    ],
)
def test_examples_that_are_false_are_told_with_their_line_and_cost_nobody_a_point(
    tiny_course: CourseWriter, examples: str, said: str
) -> None:
    course = Course.load(tiny_course(solutions={"double": documented(examples)}))
    reference = ModuleType("double")
    exec(documented(examples), vars(reference))
    (told,) = find_false_examples(course, course.lessons[0], reference)
    assert told.startswith(said)
    assert told.endswith("until then the examples of `double` are no check")


@pytest.mark.slow
def test_the_check_of_examples_runs_as_every_other_and_is_worth_no_points(grade: Grade) -> None:

    results = grade(
        {
            "good": "LIMIT = 5\ndef double(x): return x + x\ndef helper(x): return x + 1",
            "wrong": "def double(x): return x * x\ndef helper(x): return x + 1",
            "lone": "def double(x): return x + x",
            "stub": "def double(x): raise NotImplementedError\ndef helper(x): return x + 1",
            "slow": "def double(x):\n    while True: pass",
            "dead": "import os\ndef double(x): os._exit(0)",
        },
        IS_FOUR,
        solution=documented(NOTED),
    )
    found = {name: examples_check(result.checks) for name, result in results.items()}
    assert {name: it.status for name, it in found.items()} == {
        "good": Status.PASSED,
        "wrong": Status.FAILED,
        "lone": Status.FAILED,
        "stub": Status.NOT_ATTEMPTED,
        "slow": Status.TIMEOUT,
        "dead": Status.CRASHED,
    }
    assert {it.max_score for it in found.values()} == {0}
    assert results["wrong"].score == 1, "2 * 2 is 2 ** 2"
    assert found["wrong"].title == "The examples in the description of double hold."
    assert found["wrong"].message == (
        "called     double(x=3)\n"
        "got        9\n"
        "expected   6\n"
        "why        an example of the description: double(LIMIT)"
    )
    assert "there is no function called `helper`" in (found["lone"].message or "")


def test_false_examples_are_left_out_of_grading(grade: Grade) -> None:

    wrong = documented(">>> double(1)\n3")
    result = grade({"ada": "def double(x): return 2 * x"}, IS_FOUR, solution=wrong)["ada"]
    assert [it.check for it in result.checks] == ["test_a"]
