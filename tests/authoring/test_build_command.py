"""The command line in general, and `grader build`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner, Result
from places import REPOSITORY

from grader import __version__
from grader.cli import COMMANDS, load_course, main
from grader.errors import GraderError

if TYPE_CHECKING:
    from tiny_course import CourseWriter


def grader(*arguments: str | Path) -> Result:
    """Run the command line inside this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a Python of its own that finds this repository's `grader`."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_build_writes_the_exercises_and_says_so(tiny_course: CourseWriter) -> None:
    folder = tiny_course()
    result = grader("--course", folder, "build")
    assert result.exit_code == 0
    assert result.output == "wrote exercises/double.py\n1 written, 0 already in step.\n"
    assert "raise NotImplementedError" in (folder / "exercises/double.py").read_text()


def test_check_writes_nothing_and_fails_when_out_of_step(tiny_course: CourseWriter) -> None:
    folder = tiny_course()
    result = grader("--course", folder, "build", "--check")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        "Error: out of step with solutions/: exercises/double.py\n"
        "Run `grader build` and commit what it writes.\n"
    )
    assert not (folder / "exercises").exists()


def test_check_succeeds_after_a_build(tiny_course: CourseWriter) -> None:
    folder = tiny_course()
    grader("--course", folder, "build")
    result = grader("--course", folder, "build", "--check")
    assert result.exit_code == 0
    assert result.output == "All 1 exercises are in step with solutions/.\n"


@pytest.mark.parametrize("options", [[], ["--check"]])
def test_strays_are_named_and_cost_nothing(tiny_course: CourseWriter, options: list[str]) -> None:
    folder = tiny_course()
    grader("--course", folder, "build")
    (folder / "exercises/old_lesson.py").touch()
    result = grader("--course", folder, "build", *options)
    assert result.exit_code == 0
    assert "exercises/old_lesson.py" in result.stderr


def test_an_inconsistent_course_is_one_message_and_exit_code_1(tiny_course: CourseWriter) -> None:
    result = grader("--course", tiny_course(packages="numpy"), "build")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "Error: course.yaml: packages: must be a list, is 'numpy'\n"


def test_the_course_is_found_from_a_folder_inside_it(
    tiny_course: CourseWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny_course()
    monkeypatch.chdir(folder / "solutions")
    assert grader("build").exit_code == 0
    assert (folder / "exercises/double.py").exists()


def test_without_a_course_the_error_names_the_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = grader("build")
    assert result.exit_code == 1
    assert "`grader --course DIR" in result.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["--version"]])
def test_help_needs_no_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = grader(*arguments)
    assert result.exit_code == 0
    assert result.stderr == ""


def test_help_lists_the_commands_on_one_line_each() -> None:
    result = grader("--help")
    width = max(map(len, COMMANDS))
    for name, command in COMMANDS.items():
        assert f"  {name:<{width}}  {command.summary}\n" in result.output


def test_the_version_is_shown() -> None:
    assert grader("--version").output == f"grader, version {__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["bild"], ["build", "--chek"], ["--chek"], ["--course", "/no/such", "build"]]
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    result = grader(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: grader")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_its_listed_summary(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.get_short_help_str(limit=200) == COMMANDS[name].summary
    assert f"Example: grader {name}" in (command.help or "")


@pytest.fixture
def failing_command(monkeypatch: pytest.MonkeyPatch) -> dict[str, BaseException]:
    """Put what `grader build` shall raise under "error"."""
    wanted: dict[str, BaseException] = {}

    @click.command()
    def fail() -> None:
        raise wanted["error"]

    monkeypatch.setattr("grader.cli.author.build", fail)
    return wanted


def test_an_interrupt_exits_with_130(failing_command: dict[str, BaseException]) -> None:
    failing_command["error"] = KeyboardInterrupt()
    result = grader("build")
    assert result.exit_code == 130
    assert result.stderr == "Interrupted. Run the same command again.\n"


def test_an_error_cannot_drive_the_terminal(failing_command: dict[str, BaseException]) -> None:
    failing_command["error"] = GraderError("ada\x1b[2J/é\udcff.py:\nsecond line")
    result = grader("build")
    assert result.exit_code == 1
    assert result.stderr == "Error: ada\\x1b[2J/é\\udcff.py:\nsecond line\n"


def test_the_course_is_read_once_per_call(tiny_course: CourseWriter) -> None:
    with main.make_context("grader", ["--course", str(tiny_course()), "build"]) as ctx:
        assert load_course(ctx) is load_course(ctx)


@pytest.mark.slow
def test_python_dash_m_grader_is_grader(tiny_course: CourseWriter) -> None:
    folder = tiny_course()
    built = python("-m", "grader", "build", cwd=folder)
    assert (built.returncode, built.stderr) == (0, "")
    (folder / "exercises/double.py").unlink()
    checked = python("-m", "grader", "build", "--check", cwd=folder)
    assert checked.returncode == 1
    assert checked.stderr.startswith("Error: out of step with solutions/: exercises/double.py\n")


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from grader.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "heavy = {'numpy', 'rich', 'pytest', 'yaml', 'msgspec', 'grader.cli.author'}\n"
        "sys.exit(f'imported {loaded}' if (loaded := heavy & set(sys.modules)) else 0)\n"
    )
    run = python("-c", program, cwd=tmp_path)
    assert run.stderr == ""
    assert "For students:" in run.stdout


def test_a_command_that_grades_leaves_numpy_and_pytest_to_its_processes(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "import grader.cli.instructor, grader.grading.follow_class\n"
        "heavy = {'numpy', 'pytest'}\n"
        "sys.exit(f'imported {loaded}' if (loaded := heavy & set(sys.modules)) else 0)\n"
    )
    assert python("-c", program, cwd=tmp_path).stderr == ""
