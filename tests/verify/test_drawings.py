"""`grader verify` draws each lesson that has a drawing, and tells when nothing comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tiny_course import CourseWriter

from grader.authoring.build import build
from grader.cli import main
from grader.course import Course

DRAWN = "def draw(student, X):\n    return student.double(X @ X.T)\n"

pytestmark = pytest.mark.slow


def verified(folder: Path, drawing: str) -> str:
    """What verify says of a course with this drawing, runs of blanks as one."""
    build(Course.load(folder))
    path = folder / "tests" / "lessons" / "drawings" / "double.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(drawing)
    result = CliRunner().invoke(main, ["--course", str(folder), "verify", "--jobs", "1"])
    assert "Traceback" not in result.output
    return " ".join(result.output.split())


def test_a_drawing_that_draws_the_solution_is_no_problem(tiny_course: CourseWriter) -> None:
    folder = tiny_course(lessons=[{"id": "double", "points": 4}])
    assert "drawings" not in verified(folder, DRAWN)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("def draw(student, X):\n    return student.double(X)\n", "draws nothing of the solution"),
        ("def draw(student, X):\n    return student.duoble(X)\n", "no function `duoble`"),
        ("def draw(student, X):\n    return 1 / 0\n", "ZeroDivisionError"),
        ("def draw(student, X)\n", "SyntaxError"),
        ("DRAW = 1\n", "AttributeError"),
    ],
)
def test_a_drawing_that_draws_nothing_is_told(
    tiny_course: CourseWriter, text: str, problem: str
) -> None:
    said = verified(tiny_course(lessons=[{"id": "double", "points": 4}]), text)
    assert "tests/lessons/drawings/double.py: " in said
    assert problem in said
