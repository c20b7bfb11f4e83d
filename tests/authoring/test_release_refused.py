"""Courses that cannot be released: the error says why, and the folder stays empty."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result
from tiny_course import CourseWriter

from grader.cli import main

LESSON: Final = {"id": "double", "points": 4}


def run(*words: str) -> Result:
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def release_of(folder: Path, out: Path) -> Result:
    return run("--course", str(folder), "release", str(out))


@pytest.mark.slow
def test_a_visible_check_that_needs_the_reference_is_not_released(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    check = (
        'def test_as_ours(student, reference):\n    """As ours."""\n'
        "    assert student.double(3) == reference.double(3)\n"
    )
    folder = tiny_course(lessons=[LESSON], visible={"double": check})
    result = release_of(folder, tmp_path / "out")
    assert result.exit_code == 1
    assert (
        "tests/lessons/visible/test_double.py:3: test_as_ours: a visible check cannot ask for "
        "`reference`" in result.output
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("assert student.cuont(3) == 6", ":3: test_it: `cuont`: there is no such function\n"),
        ("assert student.double(3) == 7, 'seven'", ":3: test_it: AssertionError: seven"),
        ("assert student.double(3) == 7", ":3: test_it: AssertionError"),
    ],
)
def test_a_visible_check_that_does_not_pass_is_reported_with_its_line(
    tiny_course: CourseWriter, tmp_path: Path, line: str, told: str
) -> None:
    check = f'def test_it(student):\n    """Twice."""\n    {line}\n'
    folder = tiny_course(lessons=[LESSON], visible={"double": check})
    result = release_of(folder, tmp_path / "out")
    assert result.exit_code == 1
    assert f"tests/lessons/visible/test_double.py{told}" in result.output
    assert "fixture" not in result.output
    assert "`reference`" not in result.output


@pytest.mark.slow
def test_a_misspelt_fixture_is_reported(tiny_course: CourseWriter, tmp_path: Path) -> None:
    check = 'def test_it(stuent):\n    """Twice."""\n    assert stuent.double(3) == 6\n'
    folder = tiny_course(lessons=[LESSON], visible={"double": check})
    result = release_of(folder, tmp_path / "out")
    assert "test_double.py:1: test_it: there is no fixture `stuent`" in result.output


@pytest.mark.parametrize("there", [True, False])
def test_a_lesson_without_a_visible_check_is_reported_and_nothing_is_left(
    tiny_course: CourseWriter, tmp_path: Path, there: bool
) -> None:
    lessons = [{"id": "double", "points": 3}]
    folder = tiny_course(lessons=lessons, visible={"double": None})
    out = tmp_path / "out"
    if there:
        out.mkdir()
    result = release_of(folder, out)
    assert result.exit_code == 1
    assert "lesson `double` has no visible check for students" in result.output
    assert "tests/lessons/visible/test_double.py" in result.output
    assert sorted(it.name for it in tmp_path.iterdir()) == ["course", "out"][: 1 + there]
    assert not there or not list(out.iterdir())


def test_a_course_that_grade_refuses_is_not_released(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    folder = tiny_course(lessons=[{"id": "double", "points": 40}])
    result = release_of(folder, tmp_path / "out")
    assert result.exit_code == 1
    assert "lesson `double` is worth 40 points, but its checks add up to" in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_students_install_what_the_course_imports(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    folder = tiny_course(lessons=[LESSON], packages=["scipy", "numpy"])
    assert release_of(folder, tmp_path / "out").exit_code == 0
    lines = (tmp_path / "out" / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if "==" in line] == [f"scipy=={metadata.version('scipy')}"]


@pytest.mark.parametrize("command", ["release", "gradescope"])
def test_a_package_that_is_not_installed_is_reported(
    tiny_course: CourseWriter, tmp_path: Path, command: str
) -> None:
    folder = tiny_course(packages=["not_at_all_there"])
    result = run("--course", str(folder), command, str(tmp_path / "out"))
    assert result.exit_code == 1
    assert "the package `not_at_all_there` of course.yaml is not installed" in result.output
    assert sorted(it.name for it in tmp_path.iterdir()) == ["course"]
