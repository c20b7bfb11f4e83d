"""Lessons as notebooks: converted there and back, and checked in a cell of a real kernel."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from imported_later import ImportedLater
from places import REPOSITORY

from grader.cli import main
from grader.course import Course

nbclient, nbformat = ImportedLater("nbclient"), ImportedLater("nbformat")
ADA = REPOSITORY / "tests" / "sample_class" / "ada"
LESSONS = Course.load(REPOSITORY).lesson_ids


@pytest.fixture
def course(students_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A students' copy of this course, which is the current folder."""
    monkeypatch.chdir(students_copy)
    return students_copy


def run(*words: str) -> Result:
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.slow
def test_there_and_back_changes_nothing(course: Path) -> None:
    before = {path.name: path.read_bytes() for path in (course / "exercises").iterdir()}
    data = {name for name in before if not name.endswith(".py")}
    assert run("notebook").exit_code == 0
    notebooks = {f"{name}.ipynb" for name in LESSONS}
    assert {path.name for path in (course / "exercises").iterdir()} == notebooks | data
    assert "softmax is a notebook already" in run("notebook", "softmax").output
    assert run("notebook", "--back").exit_code == 0
    after = {path.name: path.read_bytes() for path in (course / "exercises").iterdir()}
    assert after == before


@pytest.mark.slow
def test_no_command_compiles_jsonschemas_grammar_of_addresses(course: Path) -> None:
    """It takes a second, and no notebook needs it."""
    command = [sys.executable, "-X", "importtime", "-m", "grader", "notebook", "softmax"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert " jsonschema\n" in done.stderr
    assert " lark\n" not in done.stderr  # which compiles the grammar


@pytest.mark.slow
def test_an_empty_script_becomes_a_notebook_too(course: Path) -> None:
    (course / "exercises" / "softmax.py").write_text("")
    assert run("notebook", "softmax").exit_code == 0
    notebook = nbformat.read(course / "exercises" / "softmax.ipynb", as_version=4)
    assert [cell.source for cell in notebook.cells][1:] == ['check("softmax")']
    assert run("notebook", "softmax", "--back").exit_code == 0
    assert (course / "exercises" / "softmax.py").read_text() == ""


@pytest.mark.slow
def test_a_notebook_is_valid_and_opens_with_the_lesson(course: Path) -> None:
    said = run("notebook", "softmax").output
    assert "which counts from now on. Your script moved to" in " ".join(said.split())
    assert "grader notebook softmax --back" in said
    notebook = nbformat.read(course / "exercises" / "softmax.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec"}
    assert notebook.cells[0].source == "from grader import check"
    assert notebook.cells[-1].source == 'check("softmax")'
    assert notebook.cells[1].source.startswith("# 2. Softmax")


@pytest.mark.slow
def test_a_notebook_is_checked_reset_and_handed_in_like_a_script(course: Path) -> None:
    shutil.copy(ADA / "softmax.py", course / "exercises")
    run("notebook", "softmax")
    result = run("check", "softmax")
    assert result.exit_code == 0, result.output
    assert "a cell failed" not in result.output
    assert "softmax.ipynb" in run("submit", "ada").output
    run("reset", "softmax", "--yes")
    assert (course / "exercises" / "softmax.py").is_file()
    assert not (course / "exercises" / "softmax.ipynb").exists()


@pytest.mark.slow
def test_without_the_lesson_or_with_a_broken_one_nothing_is_lost(course: Path) -> None:
    (course / "exercises" / "qkv.py").unlink()
    assert "grader reset qkv" in run("notebook", "qkv").output
    (course / "exercises" / "qkv.ipynb").write_text("{")
    result = run("notebook", "qkv", "--back")
    assert result.exit_code == 1
    assert (course / "exercises" / "qkv.ipynb").read_text() == "{"


@pytest.fixture
def kernel(course: Path) -> Callable[..., list[Any]]:
    """Runs cells in a real kernel, in the folder of the lessons; gives the last one's outputs."""

    def run_cells(*sources: str) -> list[Any]:
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        notebook = nbformat.v4.new_notebook(cells=cells)
        client = nbclient.NotebookClient(
            notebook, timeout=120, kernel_name="python3",
            resources={"metadata": {"path": str(course / "exercises")}},
        )  # fmt: skip
        client.execute()
        return list(notebook.cells[-1].outputs)

    return run_cells


@pytest.mark.slow
def test_check_in_a_cell_shows_a_table_and_the_heat_map(kernel: Any) -> None:
    solution = (ADA / "softmax.py").read_text()
    (output,) = kernel("from grader import check", solution, 'check("softmax")')
    page = output["data"]["text/html"]
    assert "softmax: 6 of 6 checks" in page
    assert "<svg" in page
    assert "Hidden checks remain" in page
    assert "6 checks passed" in output["data"]["text/plain"]


@pytest.mark.slow
def test_a_cell_tells_what_a_mistake_looks_like_and_a_hint(kernel: Any) -> None:
    wrong = (REPOSITORY / "tests" / "sample_class" / "ben" / "softmax.py").read_text()
    (output,) = kernel("from grader import check", wrong, 'check("softmax")')
    page = output["data"]["text/html"]
    assert "looks like the normalisation ran down the columns" in page
    assert "In which direction" in page
    assert "softmax: 3.5 of 4 points" in output["data"]["text/plain"]


@pytest.mark.slow
def test_a_cell_tells_of_an_earlier_lesson_that_is_unfinished(kernel: Any, course: Path) -> None:
    shutil.copy(REPOSITORY / "tests" / "sample_class" / "ben" / "softmax.py", course / "exercises")
    solution = (ADA / "attention_matrix.py").read_text()
    (output,) = kernel("from grader import check", solution, 'check("attention_matrix")')
    for form in ("text/html", "text/plain"):
        assert "Begin with softmax, which" in output["data"][form]
        assert "looks like" not in output["data"][form]


@pytest.mark.slow
def test_the_cells_that_were_run_count_and_not_the_file(kernel: Any, course: Path) -> None:
    shutil.copy(ADA / "softmax.py", course / "exercises")
    wrong = "def softmax(scores, axis=-1):\n    return '<b>'"
    (output,) = kernel("from grader import check", wrong, "check()")
    page = output["data"]["text/html"]
    assert "✗" in page
    assert "<b>" not in page


@pytest.mark.slow
def test_answers_with_a_type_count_like_those_without(kernel: Any) -> None:
    for answers in ("ANSWERS = {}", "ANSWERS: dict[str, str] = {}"):
        (output,) = kernel("from grader import check", answers, "check()")
        assert "concepts: " in output["data"]["text/plain"]


@pytest.mark.slow
def test_a_notebook_imports_earlier_notebooks(kernel: Any, course: Path) -> None:
    shutil.copy(ADA / "softmax.py", course / "exercises")
    run("notebook", "softmax")
    solution = (ADA / "attention_matrix.py").read_text()
    assert "from softmax import softmax" in solution
    (output,) = kernel("from grader import check", solution, 'check("attention_matrix")')
    assert "attention_matrix: 11 of 11 checks" in output["data"]["text/html"]


@pytest.mark.slow
def test_a_misspelt_lesson_is_a_sentence_and_no_traceback(kernel: Any) -> None:
    (output,) = kernel("from grader import check", 'check("sotfmax")')
    assert "did you mean `softmax`" in output["data"]["text/plain"]
