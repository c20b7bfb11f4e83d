"""An assignment of Otter's becomes a course."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from grader.importing.import_course import import_course, read_source
from grader.importing.otter_tests import Case, case_of_cell, read_test_file, share_points


def cell(source: str, kind: str = "code", output: str = "", **metadata: Any) -> dict[str, Any]:
    outputs = [{"output_type": "execute_result", "data": {"text/plain": output}}] if output else []
    return {"cell_type": kind, "metadata": metadata, "source": source, "outputs": outputs}


def notebook(path: Path, cells: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells, "nbformat": 4, "metadata": {}}))
    return path


AUTHORS = [
    cell("# ASSIGNMENT CONFIG\nname: hw01", "raw"),
    cell("# Primes", "markdown"),
    cell("import math"),
    cell("# BEGIN QUESTION\nname: q1\npoints: 4", "raw"),
    cell("Give the smallest prime, and a square.", "markdown"),
    cell("# BEGIN SOLUTION", "raw"),
    cell(
        "x = 2 # SOLUTION\n\ndef square(n):\n    # BEGIN SOLUTION NO PROMPT\n    return n * n\n"
        '    # END SOLUTION\n    """ # BEGIN PROMPT\n    pass\n    """; # END PROMPT\n'
        "def cube(n):\n    m = n * n # SOLUTION\n    # IGNORE\n    return m * n # SOLUTION"
    ),
    cell("# END SOLUTION", "raw"),
    cell("# BEGIN TESTS", "raw"),
    cell('""" # BEGIN TEST CONFIG\npoints: 2\nname: small\n""" # END TEST CONFIG\nx', output="2"),
    cell("# HIDDEN\nsquare(3) == 9", output="True"),
    cell("assert cube(2) == 8"),
    cell("# END TESTS", "raw"),
    cell("# END QUESTION", "raw"),
    cell("```otter\n# BEGIN QUESTION\nname: q2\nmanual: true\npoints: 3\n```", "markdown"),
    cell("Why is 1 none?", "markdown"),
    cell("# BEGIN SOLUTION", "raw"),
    cell("It has one divisor.", "markdown"),
    cell("# END SOLUTION", "raw"),
    cell("# END QUESTION", "raw"),
]
OK = """\
OK_FORMAT = True
test = {"name": "q1", "points": [1, 2], "suites": [{"cases": [
    {"code": ">>> y = square(2)\\n>>> y\\n4", "hidden": False},
    {"code": ">>> print(square(3))\\n9\\n>>> isinstance(x, int)\\nTrue", "hidden": True},
], "scored": True, "setup": "", "teardown": "", "type": "doctest"}]}
"""
EXCEPTIONS = """\
from otter.test_files import test_case
OK_FORMAT = False
name = "q2"
points = 3

@test_case(points=None, hidden=False)
def test_square(square):
    assert square(2) == 4

@test_case(points=2, hidden=True)
def test_x(env):
    assert env["x"] == 2
"""


@pytest.mark.slow
def test_an_authors_notebook_becomes_a_lesson(tmp_path: Path) -> None:
    path = notebook(tmp_path / "hw01.ipynb", AUTHORS)
    imported = import_course(path, tmp_path / "new")
    (lesson,) = imported.course.lessons
    assert (lesson.id, lesson.title, lesson.points) == ("hw01", "Primes", 7.0)
    assert [(it.id, it.points) for it in lesson.written] == [("q2", 3.0)]
    assert (imported.checks, imported.inside, imported.left_over) == (3, (), ())
    visible = lesson.visible_checks.read_text()
    assert "@pytest.mark.points(2)\ndef test_q1_1():" in visible
    assert "    assert (x) == 2\n" in visible
    assert "@pytest.mark.points(1)\ndef test_q1_3():" in visible
    assert "    assert square(3) == 9\n" in lesson.hidden_checks.read_text()
    stub = lesson.stub.read_text()
    assert "def square(n):\n    # Your code here.\n    raise NotImplementedError\ndef cube" in stub
    assert not [it for it in ("n * n", "= 2", "PROMPT", "IGNORE", "one divisor") if it in stub]


def test_a_notebook_with_test_files_becomes_a_lesson(tmp_path: Path) -> None:
    solution = cell("x = 2\ndef square(n):\n    return n * n")
    notebook(
        tmp_path / "autograder/hw.ipynb",
        [cell("import otter\ngrader = otter.Notebook()"), solution, cell('grader.check("q1")')],
    )
    notebook(tmp_path / "student/hw.ipynb", [cell("...")])
    for folder in ("autograder", "student"):
        (tmp_path / folder / "tests").mkdir()
        (tmp_path / folder / "tests/q1.py").write_text(OK)
        (tmp_path / folder / "tests/q2.py").write_text(EXCEPTIONS)
    (lesson,) = read_source(tmp_path).lessons
    assert "otter" not in lesson.solution
    assert "### BEGIN SOLUTION\nx = 2\n" in lesson.solution
    assert [(it.name, it.points, it.hidden) for it in lesson.checks] == [
        ("test_q1_1", 1, False), ("test_q1_2", 2, True),
        ("test_q2_1", 1, False), ("test_q2_2", 2, True),
    ]  # fmt: skip
    assert lesson.checks[0].code == "y = square(2)\nassert (y) == 4"
    assert "assert printed.getvalue().strip() == '9'\nassert isinstance(x, int)" in (
        lesson.checks[1].code
    )
    assert lesson.checks[3].code == "env = {'x': x}\nassert env['x'] == 2"


def test_a_notebook_with_tests_in_its_metadata_becomes_a_lesson(tmp_path: Path) -> None:
    solution = cell("x = 2\ndef square(n):\n    return n * n")
    test = ast.literal_eval(OK.partition("test = ")[2])
    together = test | {"name": "q3", "points": 4, "all_or_nothing": True}
    tests = {"q1": test, "q2": EXCEPTIONS, "q3": together, "q4": "gASV", "q5": {"name": "q5"}}
    for folder in ("autograder", "student"):
        path = notebook(tmp_path / folder / "hw.ipynb", [solution, cell('grader.check("q1")')])
        content = json.loads(path.read_text())
        content["metadata"]["otter"] = {"OK_FORMAT": True, "tests": tests}
        path.write_text(json.dumps(content))
    draft = read_source(tmp_path)
    (lesson,) = draft.lessons
    assert [(it.name, it.points, it.hidden) for it in lesson.checks] == [
        ("test_q1_1", 1, False), ("test_q1_2", 2, True),
        ("test_q2_1", 1, False), ("test_q2_2", 2, True),
        ("test_q3_1", 4, True),
    ]  # fmt: skip
    assert "assert (y) == 4" in lesson.checks[4].code
    assert "assert isinstance(x, int)" in lesson.checks[4].code
    assert [tuple(it) for it in draft.left_over] == [
        (
            "autograder/hw.ipynb, the test q4 in its metadata",
            "has no `test = {…}` and no function with `@test_case`",
        )
    ]


@pytest.mark.parametrize(
    ("points", "given", "shares"),
    [
        (None, [None, None], [0.5, 0.5]),
        (None, [2, None], [2, 0]),
        (4.0, [2, None, None], [2, 1, 1]),
        ([1.0, 3.0], [None, None], [1, 3]),
        (1.0, [2, None], [2, 0]),
    ],
)
def test_points_are_shared_as_otter_does(
    points: float | list[float] | None, given: list[float | None], shares: list[float]
) -> None:
    assert share_points(points, [Case("x", points=it) for it in given]) == shares


@pytest.mark.parametrize(
    ("source", "printed", "code"),
    [
        ("f(1)", "True", "assert f(1)"),
        ("f(1)", "np.False_", "assert not (f(1))"),
        ("f(1)", "np.float64(0.5)", "assert (f(1)) == 0.5"),
        ("f(1)", "[1, 'a']", "assert (f(1)) == [1, 'a']"),
        ("f(1)", "array([1])", "assert repr(f(1)) == 'array([1])'"),
        ("x = 1\nf(x)", "3", "x = 1\nassert (f(x)) == 3"),
        ("assert f(1)", "", "assert f(1)"),
    ],
)
def test_what_a_cell_showed_is_what_it_must_show(source: str, printed: str, code: str) -> None:
    assert case_of_cell(source, printed).code == code


@pytest.mark.parametrize("text", ["", "test = 3", "((", "test = open('x')", "def test_x(): pass"])
def test_a_file_of_another_format_is_refused_unread(text: str) -> None:
    with pytest.raises(ValueError, match=r"has no `test = |compiles"):
        read_test_file(text)
