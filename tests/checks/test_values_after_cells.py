"""Values as they stood after a cell of a notebook or script."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from one_lesson_class import LIMITS
from tiny_course import write_course

from grader.course import Course
from grader.errors import CourseError
from grader.grading import grading_process
from grader.results import LessonResult
from grader.sandbox.levels import Isolation
from grader.sandbox.source_text import first_cells
from grader.submissions.submission import Source, Submission

Results = dict[str, LessonResult]

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
#: At its end names mean something else: `f` is a number, and `n` a function.
REUSED = """\
# %%
def f(x):
    return x + 1

# %%
n = f(1)
nothing = None

# %%
# Question 2
def f(x):
    return x * n

# %%
f = f(5)
def n():
    return f
"""
REUSED_CHECKS = '''
import pytest

from reused import f, n


@pytest.mark.after_cell("n = f(1)")
def test_first(student):
    """f adds 1 at first."""
    from reused import f, n
    assert (f(2), student.f(3), n, student.n) == (3, 4, 2, 2)
    assert student.value("n") == 2 and "Question" not in student.source()


def test_end(student):
    """f is 10 at the end, and n gives it."""
    assert (f, n(), student.f) == (10, 10, 10)


@pytest.mark.after_cell(3)
def test_second(student):
    """f multiplies in between."""
    assert student.f(2) == 4


def test_end_again(student):
    """f is still 10 at the end."""
    assert (f, n(), student.f) == (10, 10, 10)


@pytest.mark.or_after_cell("f = f(5)")
def test_either(student):
    """f becomes 10; nothing is None."""
    assert student.f == 10 and student.nothing is None
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


#: A visible check that meets the program after a cell, and then a hidden one that does not.
PLACED = """
import pytest

@pytest.mark.after_cell("n = f(1)")
def test_first(student):
    \"\"\"f adds 1 at first.\"\"\"
    assert student.f(2) == 3
"""
WHOLE = """
def test_n(student):
    \"\"\"n gives 10.\"\"\"
    assert student.n() == 10
"""

REUSED_BY = {
    "right": REUSED,
    "wrong": REUSED.replace("x + 1", "x + 2").replace("x * n", "x * 2"),
    "a cell less": REUSED.replace("# %%\nn = f(1)", "n = 2"),
    "once more": f"{REUSED}\n# %%\nf = None\nnothing = 1",
    "no place": REUSED.replace("f = f(5)", "f = 9"),
}


def grade(
    folder: Path,
    lesson: str,
    checks: str,
    sources: Mapping[str, Source],
    *,
    visible: str = "",
    stop_cell_at_error: bool = False,
) -> Results:
    solution = {"lesson": SOLUTION, "reused": REUSED}[lesson]
    about = {"id": lesson, "points": (visible + checks).count("def test_")}
    write_course(
        folder, lessons=[about], solutions={lesson: solution},
        hidden={lesson: checks}, visible={lesson: visible or None}, limits=LIMITS,
        stop_cell_at_error=stop_cell_at_error,
    )  # fmt: skip
    course = Course.load(folder)
    class_ = [Submission(name, {lesson: source}) for name, source in sources.items()]
    try:
        results = grading_process.grade_batch(course, Isolation.FULL, class_)
        return {result.student: result.lessons[0] for result in results}
    finally:
        grading_process.forget()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return grade(tmp_path_factory.mktemp("course"), "lesson", CHECKS, STUDENTS)


@pytest.fixture(scope="module")
def reused(tmp_path_factory: pytest.TempPathFactory) -> Results:
    sources = {name: Source("reused.py", (text,), False) for name, text in REUSED_BY.items()}
    return grade(tmp_path_factory.mktemp("course"), "reused", REUSED_CHECKS, sources)


def test_a_check_may_meet_the_whole_program_as_it_stood_after_a_cell(reused: Results) -> None:
    assert passed(reused["right"]) == ["first", "end", "second", "end_again", "either"]
    assert passed(reused["wrong"]) == ["end", "second", "end_again", "either"]


def test_what_fails_on_the_whole_program_may_pass_where_its_cell_is(reused: Results) -> None:
    assert passed(reused["once more"]) == ["first", "second", "either"]


def test_a_cell_that_is_not_there_costs_the_check_that_wants_it(reused: Results) -> None:
    assert passed(reused["a cell less"]) == ["end", "end_again", "either"]
    first = reused["a cell less"].checks[0]
    assert "there is no cell with `n = f(1)` in reused.py" in (first.message or "")


def test_a_check_that_may_look_there_keeps_its_reason_where_the_cell_is_not(
    reused: Results,
) -> None:
    either = reused["no place"].checks[-1]
    assert either.status == "failed"
    assert "there is no cell" not in (either.message or "")


def test_hidden_checks_meet_the_whole_program_after_visible_ones_that_do_not(
    tmp_path: Path,
) -> None:
    sources = {"ada": Source("reused.py", (REUSED,), notebook=False)}
    results = grade(tmp_path, "reused", WHOLE, sources, visible=PLACED)
    assert passed(results["ada"]) == ["first", "n"]


def test_what_is_below_an_error_in_its_cell_is_told_as_not_run(tmp_path: Path) -> None:
    cells = ("def f(x): return x + 1", "n = f(1)", "1 / 0\ndef n():\n    return 10")
    sources = {"ada": Source("reused.ipynb", cells, notebook=True)}
    results = grade(tmp_path, "reused", WHOLE, sources, visible=PLACED, stop_cell_at_error=True)
    assert passed(results["ada"]) == ["first"]
    assert "the rest of its cell" in (results["ada"].message or "")
    assert "line 2 (`def n():`)" in (results["ada"].message or "")


@pytest.mark.parametrize("cell", ["0", "", "1, 2", "' '", "1.5"])
def test_a_mark_that_names_no_cell_is_refused(tmp_path: Path, cell: str) -> None:
    checks = CHECKS.replace("def test_first", f"@pytest.mark.after_cell({cell})\ndef test_first")
    with pytest.raises(CourseError, match="after_cell names a cell"):
        grade(tmp_path, "lesson", checks, {"ada": STUDENTS["script"]})


def passed(lesson: LessonResult) -> list[str]:
    return [it.check.removeprefix("test_") for it in lesson.checks if it.status == "passed"]


@pytest.mark.slow
@pytest.mark.parametrize("student", ["script", "notebook"])
def test_a_script_and_a_notebook_have_the_same_cells(graded: Results, student: str) -> None:
    assert passed(graded[student]) == ["first", "named", "order", "last"]


def test_a_text_finds_its_cell_where_others_were_added(graded: Results) -> None:
    assert "named" in passed(graded["more"])
    assert "first" not in passed(graded["more"])


def test_a_cell_that_is_not_there_is_told(graded: Results) -> None:
    messages = {it.check: it.message or "" for it in graded["fewer"].checks}
    assert "there is no cell with `# Question 2` in lesson.ipynb" in messages["test_named"]
    assert "there is no cell number 3 in lesson.ipynb" in messages["test_last"]


def test_a_cell_that_fails_or_never_ends_costs_what_looks_at_it(
    graded: Results,
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
