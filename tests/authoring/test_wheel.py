"""The grader that students install: what their commands use, and nothing else."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from places import REPOSITORY

from grader.authoring.wheel import write_wheel
from grader.cli import SECTIONS


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the wheel's packages lie, as pip unpacks them."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(write_wheel(tmp_path_factory.mktemp("wheel"))) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python where this wheel is found before the repository."""
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); "
    return subprocess.run(
        [sys.executable, "-P", "-c", code + words[0], *words[1:]],
        cwd=installed, capture_output=True, text=True, check=False,
    )  # fmt: skip


COMMAND = (
    "import grader; assert grader.__file__.startswith(sys.path[0]);"
    "from grader.cli import main; main()"
)


def modules_of(installed: Path) -> set[str]:
    files = installed.glob("grader/**/*.py")
    return {
        ".".join(it.relative_to(installed).with_suffix("").parts).removesuffix(".__init__")
        for it in files
    }


@pytest.mark.slow
def test_every_command_of_students_is_in_it_and_no_other(installed: Path) -> None:
    modules = modules_of(installed)
    for heading, commands in SECTIONS.items():
        there = {command.target.partition(":")[0] in modules for command in commands.values()}
        assert there == {heading == "For students"}, heading


@pytest.mark.slow
def test_all_that_its_modules_import_at_once_is_in_it(installed: Path) -> None:
    imports = "import importlib; [importlib.import_module(name) for name in sys.argv[1:]]"
    done = run(installed, imports, *sorted(modules_of(installed) - {"grader.__main__"}))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("package", ["classroom", "exchange", "importing", "verify", "authoring"])
def test_what_only_instructors_use_is_not_in_it(installed: Path, package: str) -> None:
    assert importlib.util.find_spec(f"grader.{package}")
    assert not (installed / "grader" / package).exists()


@pytest.mark.slow
def test_its_modules_do_what_ours_do(installed: Path) -> None:
    bare = 0
    for path in installed.glob("grader/**/*.py"):
        ours = (REPOSITORY / path.relative_to(installed)).read_text("utf-8")
        text = path.read_text("utf-8")
        assert text.count("\n") == ours.count("\n")
        assert without_docstrings(text) == without_docstrings(ours), path
        bare += len(text) < len(ours)
    assert bare > 100


def without_docstrings(text: str) -> str:
    """A module's statements, with the places where they stand."""
    tree = ast.parse(text)
    with_bodies = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(tree):
        if isinstance(node, with_bodies) and ast.get_docstring(node) and len(node.body) > 1:
            del node.body[0]
    return ast.dump(tree, include_attributes=True)


@pytest.mark.slow
def test_its_help_lists_the_commands_of_students(installed: Path) -> None:
    said = run(installed, COMMAND, "--help").stdout
    assert "For students" in said
    assert "Make the zip that you hand in" in said
    assert "instructors" not in said
    assert "Exits with 0 if all pass" in run(installed, COMMAND, "check", "--help").stdout


def test_a_command_of_instructors_is_refused_in_a_sentence(installed: Path) -> None:
    done = run(installed, COMMAND, "grade", "submissions")
    assert done.returncode == 2
    assert "`grader grade` is for instructors, and not in a student's copy" in done.stderr
    assert "no command `grad`" in run(installed, COMMAND, "grad").stderr
