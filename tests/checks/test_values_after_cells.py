"""Values as they stood after a cell of a notebook or script."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_lesson_class import LIMITS
from tiny_course import write_course

from grader.course import Course
from grader.grading import grading_process
from grader.results import LessonResult
from grader.sandbox.levels import Isolation
from grader.sandbox.source_text import first_cells
from grader.submissions.submission import Source, Submission

SOLUTION = """\
# %% [markdown]
# # Numbers

# %%
x = 1
table = {"rows": 3}

# %% [markdown]
# Now it doubles.

# %%
# Question 2
x = x * 2

# %%
x = x + 5
table["rows"] = 7


def f(n):
    return n + x
"""
CHECKS = '''
import pytest


def test_first(student):
    """x begins with 1."""
    assert student.value("x", after_cell=1) == 1
    assert student.value("table", "rows", after_cell=1) == 3


def test_named(student):
    """x is doubled."""
    assert student.value("x", after_cell="# Question 2") == 2


def test_order(student):
    """Calls before and after it see the whole program."""
    assert student.f(1) == 8
    assert student.value("x", after_cell=2) == 2
    assert student.f(2) == 9
    assert student.value("f", after_cell=2) is None


def test_last(student):
    """x is 7 at the end."""
    assert student.value("x", after_cell=3) == student.x == 7
'''
CELLS = (
    'x = 1\ntable = {"rows": 3}',
    "# Question 2\nx = x * 2",
    SOLUTION.rsplit("# %%\n", maxsplit=1)[-1],
)
STUDENTS = {
    "script": Source("lesson.py", (SOLUTION,), notebook=False),
    "notebook": Source("lesson.ipynb", CELLS, notebook=True),
    "more": Source("lesson.ipynb", ("y = 0", *CELLS), notebook=True),
    "fewer": Source("lesson.ipynb", (CELLS[0], CELLS[2]), notebook=True),
    "fails": Source("lesson.ipynb", (CELLS[0], "# Question 2\nx = x / 0", CELLS[2]), notebook=True),
    "endless": Source(
        "lesson.ipynb", (CELLS[0], "# Question 2\nwhile True: pass", CELLS[2]), notebook=True
    ),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LessonResult]:
    folder: Path = tmp_path_factory.mktemp("course")
    write_course(
        folder, lessons=[{"id": "lesson", "points": 4}], solutions={"lesson": SOLUTION},
        hidden={"lesson": CHECKS}, visible={"lesson": None}, limits=LIMITS,
    )  # fmt: skip
    course = Course.load(folder)
    class_ = [Submission(name, {"lesson": source}) for name, source in STUDENTS.items()]
    try:
        results = grading_process.grade_batch(course, Isolation.FULL, class_)
        return {result.student: result.lessons[0] for result in results}
    finally:
        grading_process.forget()


def passed(lesson: LessonResult) -> list[str]:
    return [it.check.removeprefix("test_") for it in lesson.checks if it.status == "passed"]


@pytest.mark.parametrize("student", ["script", "notebook"])
def test_a_script_and_a_notebook_have_the_same_cells(
    graded: dict[str, LessonResult], student: str
) -> None:
    assert passed(graded[student]) == ["first", "named", "order", "last"]


def test_a_text_finds_its_cell_where_others_were_added(graded: dict[str, LessonResult]) -> None:
    assert "named" in passed(graded["more"])
    assert "first" not in passed(graded["more"])


def test_a_cell_that_is_not_there_is_told(graded: dict[str, LessonResult]) -> None:
    messages = {it.check: it.message or "" for it in graded["fewer"].checks}
    assert "there is no cell with `# Question 2` in lesson.ipynb" in messages["test_named"]
    assert "there is no cell number 3 in lesson.ipynb" in messages["test_last"]


def test_a_cell_that_fails_or_never_ends_costs_what_looks_at_it(
    graded: dict[str, LessonResult],
) -> None:
    assert passed(graded["fails"]) == passed(graded["endless"]) == ["first"]
    status = {it.check: it.status for it in graded["endless"].checks}
    assert status["test_named"] == "failed"  # x is still 1: the cell was left out


def test_cells_of_a_script_begin_at_their_marks() -> None:
    script = ["import os\n# %%\n\n# %% [markdown]\n# x\n#%% more\na = 1\nb = 2"]
    assert first_cells(script, 1, notebook=False) == ["import os"]
    assert first_cells(script, 2, notebook=False) == script
    assert first_cells(script, "b = 2", notebook=False) == script
    assert first_cells(script, 3, notebook=False) is None
    assert first_cells(script, 0, notebook=False) is None
