"""What the records keep for a page to draw: small matrices, and the student's own lines."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checks import code_excerpts, pictures
from grader.checks.student import Call
from grader.results import Excerpt, Picture
from grader.sandbox.faults import Place, Raised, StudentFault

SOLUTION = '''\
def share(scores):
    """Turn each row of scores into shares."""
    ### BEGIN SOLUTION
    return scores / scores.sum(axis=1, keepdims=True)
    ### END SOLUTION


def first(scores):
    """The first row."""
    ### BEGIN SOLUTION
    return scores[0]
    ### END SOLUTION
'''
VISIBLE = '''\
import numpy as np


def test_rows_sum_to_one(student):
    """Each row sums to 1."""
    shares = np.asarray(student.share(np.array([[1.0, 3.0], [2.0, 2.0]])))
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, err_msg="a row is shared out")


def test_first_row(student):
    """The first row comes back."""
    np.testing.assert_allclose(student.first(np.array([[1.0, 3.0]])), [1.0, 3.0])
'''
HIDDEN = '''\
import numpy as np


def test_secret_rows(student, reference):
    """Rows that nobody knows."""
    scores = np.array([[1234.5, 5432.5]])
    np.testing.assert_allclose(student.share(scores), reference.share(scores))
'''
WRONG = '''\
import numpy as np


def helper(row):
    return row[7]


def share(scores):
    """Shares.

    Of attention.
    """
    total = scores.sum(axis=0)
    return scores / total


def first(scores):
    return helper(scores)
'''


@pytest.fixture(scope="module")
def graded(
    tmp_path_factory: pytest.TempPathFactory, course_at: Callable[..., Path]
) -> dict[str, Any]:
    """results.json of a class of two, by student."""
    folder = tmp_path_factory.mktemp("class")
    course = course_at(
        folder / "course",
        lessons=[{"id": "share", "points": 3}],
        solutions={"share": SOLUTION},
        visible={"share": VISIBLE},
        hidden={"share": HIDDEN},
    )
    for student, text in {"ada": WRONG, "liam": "import numpy\n\nx = (1\n"}.items():
        (folder / "in" / student).mkdir(parents=True)
        (folder / "in" / student / "share.py").write_text(text)
    words = ["--course", course, "grade", folder / "in", "--out", folder / "out", "--jobs", 1]
    command = [sys.executable, "-m", "grader", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True)
    report = json.loads((folder / "out" / "results.json").read_bytes())
    return {student["student"]: student["lessons"][0] for student in report["students"]}


def checks_of(lesson: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {check["check"]: check for check in lesson["checks"]}


@pytest.mark.slow
def test_a_visible_checks_matrix_is_kept_with_the_sums_that_it_should_have(
    graded: dict[str, Any],
) -> None:
    assert checks_of(graded["ada"])["test_rows_sum_to_one"]["picture"] == {
        "got": [[0.333333, 0.6], [0.666667, 0.4]],
        "sums": [1.0, 1.0],
        "axis": 1,
    }


@pytest.mark.slow
def test_a_hidden_checks_matrix_is_kept_nowhere(graded: dict[str, Any]) -> None:
    check = checks_of(graded["ada"])["test_secret_rows"]
    assert check["status"] == "failed"
    assert "picture" not in check
    assert "1234.5" not in json.dumps(graded["ada"])


def test_an_exception_marks_the_line_that_raised_it(graded: dict[str, Any]) -> None:
    excerpt = checks_of(graded["ada"])["test_first_row"]["excerpt"]
    assert excerpt["filename"] == "share.py"
    assert excerpt["raised"]
    assert dict(excerpt["lines"])[excerpt["marked"]] == "    return row[7]"


def test_a_wrong_value_marks_its_function_without_its_docstring(graded: dict[str, Any]) -> None:
    excerpt = checks_of(graded["ada"])["test_secret_rows"]["excerpt"]
    assert not excerpt["raised"]
    assert excerpt["marked"] == 8
    assert excerpt["lines"] == [
        [8, "def share(scores):"],
        [13, "    total = scores.sum(axis=0)"],
        [14, "    return scores / total"],
    ]


def test_a_syntax_error_marks_its_line(graded: dict[str, Any]) -> None:
    assert graded["liam"]["status"] == "unreadable"
    excerpt = graded["liam"]["excerpt"]
    assert dict(excerpt["lines"])[excerpt["marked"]] == "x = (1"


# Pictures


def compare(got: Any, expected: Any) -> AssertionError:
    with pytest.raises(AssertionError) as caught:
        np.testing.assert_allclose(got, expected)
    return caught.value


def test_the_sums_may_be_those_of_a_part_of_a_pair() -> None:
    weights = np.full((2, 3), 0.5)
    call = Call("f", {}, (np.ones((2, 2)), weights))
    picture = pictures.draw(compare(weights.sum(axis=0), 1.5), call)
    assert picture == Picture(((0.5,) * 3,) * 2, sums=(1.5,) * 3, axis=0)


def test_two_matrices_stand_side_by_side() -> None:
    picture = pictures.draw(compare([[1.0, 2.0]], [[1.0, 3.0]]), None)
    assert picture == Picture(((1.0, 2.0),), expected=((1.0, 3.0),))


def test_numbers_that_json_does_not_know_are_words() -> None:
    picture = pictures.draw(compare([np.nan, np.inf], [0.0, -np.inf]), None)
    assert picture == Picture((("nan", "inf"),), expected=((0.0, "-inf"),))


def test_a_plain_assertion_shows_the_matrix_that_came_back() -> None:
    call = Call("f", {}, [[1, 2], [3, 4]])
    picture = pictures.draw(AssertionError("no"), call)
    assert picture == Picture(((1.0, 2.0), (3.0, 4.0)))


@pytest.mark.parametrize(
    "value",
    [np.ones((13, 2)), np.ones((2, 13)), np.ones((2, 0)), np.ones((2, 2, 2)), "text", None, 3.0,
     [[1], [1, 2]], (np.ones((2, 2)), np.ones((2, 2))), np.ones((2, 2), complex), {"a": 1}],
    ids=["high", "wide", "empty", "a block", "text", "nothing", "a number", "ragged",
         "two matrices", "complex", "a dict"],
)  # fmt: skip
def test_what_is_not_one_small_matrix_is_not_drawn(value: object) -> None:
    assert pictures.draw(AssertionError("no"), Call("f", {}, value)) is None


def test_a_fault_has_no_picture() -> None:
    assert pictures.draw(StudentFault("no"), Call("f", {}, np.ones((2, 2)))) is None


# Excerpts


def excerpt(text: str, function: str = "f") -> Excerpt | None:
    return code_excerpts.find_excerpt(
        AssertionError(), function, "one", {"one": ("one.py", [text], False)}
    )


def test_the_last_definition_counts_as_it_does_in_python() -> None:
    found = excerpt("def f(): return 1\ndef f(): return 2\n")
    assert found == Excerpt("one.py", ((2, "def f(): return 2"),), 2, raised=False)


@pytest.mark.parametrize("text", ["f = lambda x: x\n", "from g import f\n", "def g(): pass\n", ""])
def test_a_function_that_is_defined_nowhere_has_no_lines(text: str) -> None:
    assert excerpt(text) is None


def test_a_notebooks_cell_is_named() -> None:
    program = ("one.ipynb", ["x = 1", "def f():\n    return 1"], True)
    found = code_excerpts.find_excerpt(AssertionError(), "f", "one", {"one": program})
    assert found is not None
    assert found.filename == "one.ipynb, cell 2"


def test_what_a_terminal_would_obey_is_shown_as_an_escape() -> None:
    found = excerpt("def f():\n\treturn '\x1b[31m\u202e'" + "x" * 500)
    assert found is not None
    (_, line) = found.lines[1]
    assert line.startswith(r"    return '\x1b[31m\u202e'xxx")
    assert len(line) == 120


def test_a_long_function_is_cut() -> None:
    found = excerpt("def f():\n" + "    pass\n" * 5_000)
    assert found is not None
    assert len(found.lines) == 30


def test_a_place_that_is_not_in_the_file_has_no_lines() -> None:
    error = Raised("ValueError", "", Place("one.py", 7, "x"))
    assert code_excerpts.find_excerpt(error, "f", "one", {"one": ("one.py", ["x"], False)}) is None
