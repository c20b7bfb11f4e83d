"""Checks that are broken cost nobody a point, and fail the run with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from grade_command import RIGHT, WRONG, GradeRun, grade, hand_in, texts_in

if TYPE_CHECKING:
    from tiny_course import CourseWriter

pytestmark = pytest.mark.slow  # runs the command again and again


def graded_by(checks: str, points: float, tiny_course: CourseWriter, folder: Path) -> GradeRun:
    """Ann, who is right, and Bob, who is wrong, graded by these hidden checks."""
    course = tiny_course(
        lessons=[{"id": "double", "points": points}],
        visible={"double": None},
        hidden={"double": checks},
        packages=["numpy"],
    )
    submissions = hand_in(folder / "class", {"ann/double.py": RIGHT, "bob/double.py": WRONG})
    return grade(submissions, folder / "out", course=course)


def test_a_broken_check_costs_nobody_a_point_and_fails_the_run(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    checks = """\
def test_sound(student):
    \"\"\"A sound check.\"\"\"
    assert student.double(2) == 4


def test_wrong(student):
    \"\"\"A check that expects the wrong thing.\"\"\"
    assert student.double(2) == 4711


def test_crash(student):
    \"\"\"A check with a mistake in it.\"\"\"
    assert student.double(2) == undefined


def test_fixture(student, no_such_fixture):
    \"\"\"A check that asks for a fixture that is not there.\"\"\"


import pytest  # noqa: E402


@pytest.mark.builds_on("test_wrong")
def test_later(student):
    \"\"\"A sound check that builds on a broken one.\"\"\"
    assert student.double(3) == 6
"""
    graded = graded_by(checks, 5, tiny_course, tmp_path)
    ours = ["grader_error"] * 3
    assert graded.statuses("ann", "double") == ["passed", *ours, "passed"]
    assert graded.statuses("bob", "double") == ["failed", *ours, "failed"]
    assert [row["total"] for row in graded.rows] == ["5", "3"]
    assert graded.process.returncode == 1
    assert "3 of our checks broke; no student lost a point for it." in graded.process.stderr
    for name in ("test_wrong", "test_crash", "test_fixture"):
        assert f"double: {name}: " in graded.process.stderr
    said = " ".join(graded.process.stderr.split())
    assert "(NameError: name 'undefined' is not defined, at hidden/test_double.py:13)" in said
    assert "there is no fixture `no_such_fixture` here; checks have `student`, `reference`," in said
    assert "those of your conftest.py, at hidden/test_double.py:16)" in said
    assert "4711" not in graded.process.stderr + "".join(texts_in(graded.results))


def test_a_check_that_sends_what_cannot_be_sent_is_broken_and_the_class_is_graded(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    checks = """\
def test_sound(student):
    \"\"\"A sound check.\"\"\"
    assert student.double(2) == 4


def test_unsendable(student):
    \"\"\"A check that hands over something that is no plain value.\"\"\"
    assert student.double(object()) == 4
"""
    graded = graded_by(checks, 2, tiny_course, tmp_path)
    assert graded.process.returncode == 1
    assert graded.statuses("ann", "double") == ["passed", "grader_error"]
    assert graded.statuses("bob", "double") == ["failed", "grader_error"]


def test_a_wrong_answer_in_a_shared_fixture_is_the_students_and_no_broken_check(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    checks = """\
import pytest


@pytest.fixture(scope="module")
def four(student):
    return student.double(2)


def test_value(four):
    \"\"\"double(2) is 4.\"\"\"
    assert four == 4, "twice two"


def test_sign(four):
    \"\"\"double(2) is even.\"\"\"
    assert four % 2 == 0, "even"
"""
    graded = graded_by(checks, 2, tiny_course, tmp_path)
    assert graded.statuses("bob", "double") == ["failed", "failed"]
    assert graded.statuses("ann", "double") == ["passed", "passed"]
    assert graded.process.returncode == 0, graded.process.stderr
    assert all(check["message"] for check in graded.lesson("bob", "double")["checks"])


@pytest.mark.parametrize(
    ("checks", "reason"),
    [
        ("import no_such_module\n", "test_double.py:1: the checks cannot be collected: "),
        ("def test_a(student:\n", "test_double.py:1: the checks cannot be collected: "),
        ('def test_a(student):\n    """A."""\n', "but its checks add up to 2"),
        ("def test_a(student):\n    pass\n", "test_a: needs a docstring"),
    ],
    ids=["import", "syntax", "points", "docstring"],
)
def test_checks_that_cannot_be_collected_fail_the_run_with_the_reason(
    tiny_course: CourseWriter, tmp_path: Path, checks: str, reason: str
) -> None:
    course = tiny_course(
        lessons=[{"id": "double", "points": 4}], hidden={"double": checks}, packages=["numpy"]
    )
    folder = hand_in(tmp_path / "class", {"ann/double.py": RIGHT})
    graded = grade(folder, tmp_path / "out", course=course)
    assert graded.process.returncode == 1
    assert graded.process.stderr.startswith("Error: ")
    assert reason in graded.process.stderr
    assert "Traceback" not in graded.process.stderr
    assert not (tmp_path / "out" / "results.json").exists()


def test_a_misspelt_mark_is_told_with_the_one_that_was_meant(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    checks = """\
import pytest


@pytest.mark.point(2)
def test_four(student):
    \"\"\"Two times two.\"\"\"
    assert student.double(2) == 4
"""
    graded = graded_by(checks, 2, tiny_course, tmp_path)
    assert graded.process.returncode == 1
    assert "there is no mark `point`; did you mean `points`?" in graded.process.stderr


def test_whose_program_alone_ends_our_side_is_named(double_course: Path, tmp_path: Path) -> None:
    ends = "import os\ndef double(x):\n    os.kill(os.getppid(), 9)\n"
    lessons = {f"{name}/double.py": RIGHT for name in ("ben", "cleo")} | {"ada/double.py": ends}
    submissions = hand_in(tmp_path / "class", lessons)
    options = ("--isolation", "process")
    graded = grade(submissions, tmp_path / "out", *options, course=double_course)
    assert graded.process.returncode == 1
    assert set(graded.statuses("ada", "double")) == {"undecided"}
    (ada,) = (it for it in graded.results["students"] if it["student"] == "ada")
    assert ada["score"] == 0
    said = graded.process.stderr
    assert "With 1 student alone some checks could not be graded" in said
    assert "grader mark STUDENT LESSON.CHECK POINTS --out" in said
    assert "\nada: double: test_" in said
    assert "ben" not in said
    assert "cleo" not in said
