"""Notebooks that were damaged, by accident or on purpose: graded as far as they can be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from classroom_folder import (
    Classroom,
    Notebook,
    cell_name,
    cells_called,
    grader_scores,
    nbgrader_metadata,
)

pytestmark = pytest.mark.classroom

Damage = Callable[[Notebook], Any]


def delete(name: str) -> Damage:
    def damage(notebook: Notebook) -> None:
        notebook["cells"] = [cell for cell in notebook["cells"] if cell_name(cell) != name]

    return damage


def delete_all_but_the_answers(notebook: Notebook) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if cell_name(cell).startswith("answer")]


def double_the_test_cells(notebook: Notebook) -> None:
    notebook["cells"] += [
        cell for cell in notebook["cells"] if nbgrader_metadata(cell).get("grade")
    ]


def double_an_answer(notebook: Notebook) -> None:
    (answer,) = cells_called(notebook, "answer-double")
    wrong = answer | {"source": "def double(x):\n    return 'wrong'"}
    notebook["cells"].insert(0, wrong)


def retype_the_test_cells(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if nbgrader_metadata(cell).get("grade") and cell["cell_type"] == "code":
            cell["cell_type"] = "markdown"
            del cell["outputs"], cell["execution_count"]


def retype_an_answer(notebook: Notebook) -> None:
    (answer,) = cells_called(notebook, "answer-double")
    answer["cell_type"] = "markdown"
    del answer["outputs"], answer["execution_count"]


def reverse(notebook: Notebook) -> None:
    notebook["cells"].reverse()


def strip_all_metadata(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def strip_the_test_cells(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if nbgrader_metadata(cell).get("grade"):
            cell["metadata"] = {}


def break_the_metadata(notebook: Notebook) -> None:
    values: list[Any] = [
        5,
        None,
        "x",
        [],
        {"grade_id": 7},
        {"grade": "yes", "grade_id": "test-double"},
    ]
    for cell, value in zip(notebook["cells"], values, strict=False):
        cell["metadata"] = {"nbgrader": value}


def call_all_cells_the_same(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["id"] = "same"
        if nbgrader_metadata(cell):
            nbgrader_metadata(cell)["grade_id"] = "test-double"


def unlock_and_edit_the_test_cells(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if nbgrader_metadata(cell).get("grade") and cell["cell_type"] == "code":
            nbgrader_metadata(cell).update(locked=False, points=1000, checksum="0" * 32)
            cell["source"] = "99"


def old_format(notebook: Notebook) -> None:
    cells = [
        {"cell_type": "code", "input": cell["source"], "language": "python", "outputs": [],
         "prompt_number": 1, "metadata": cell["metadata"], "collapsed": False}
        if cell["cell_type"] == "code"
        else {key: cell[key] for key in ("cell_type", "source", "metadata")}
        for cell in notebook["cells"]
    ]  # fmt: skip
    notebook.clear()
    notebook |= {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    notebook["worksheets"] = [{"cells": cells, "metadata": {}}]


def huge_output(notebook: Notebook) -> None:
    (answer,) = cells_called(notebook, "answer-double")
    text = "x" * (50 * 2**20)
    answer["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]


def unknown_kernel(notebook: Notebook) -> None:
    notebook["metadata"] = {"kernelspec": {"name": "no-such-kernel", "display_name": "?"}}


def magics(notebook: Notebook) -> None:
    lines = "%matplotlib inline\n!pip install something\n?double\n"
    (answer,) = cells_called(notebook, "answer-double")
    answer["source"] = lines + answer["source"]


def lone_surrogate_in_text(notebook: Notebook) -> None:
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "\ud800"})


def attachments_that_are_none(notebook: Notebook) -> None:
    notebook["cells"].append(
        {"cell_type": "markdown", "metadata": {}, "source": "x", "attachments": {"a": {"b": 5}}}
    )


def odd_cells(notebook: Notebook) -> None:
    notebook["cells"] += [None, 5, "text", [], {}, {"cell_type": "heading", "source": ["a", 5]}]


HARMLESS: list[Damage] = [
    delete("test-double"), delete("setup"), delete_all_but_the_answers, double_the_test_cells,
    double_an_answer, retype_the_test_cells, retype_an_answer, strip_the_test_cells,
    strip_all_metadata, unlock_and_edit_the_test_cells, old_format, huge_output, unknown_kernel,
    magics, lone_surrogate_in_text, attachments_that_are_none, odd_cells, reverse,
    call_all_cells_the_same, break_the_metadata,
]  # fmt: skip


def names_of(damages: list[Damage]) -> list[str]:
    return [f"{number:02}-{getattr(it, '__name__', '')}" for number, it in enumerate(damages)]


@pytest.fixture(scope="module")
def graded(released_classroom: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A class in which each student damaged a correct notebook in another way."""
    classroom = released_classroom.copy_to(tmp_path_factory.mktemp("damaged") / "room")
    for name, damage in zip(names_of(HARMLESS), HARMLESS, strict=True):
        folder = classroom.hand_in(name)
        with classroom.edit(folder / "twice.ipynb") as notebook:
            damage(notebook)
    for name, data in BROKEN.items():
        (classroom.hand_in(name) / "twice.ipynb").write_bytes(data)
    link = classroom.hand_in("link") / "twice.ipynb"
    link.unlink()
    link.symlink_to(classroom.root / "source" / "tiny" / "twice.ipynb")
    classroom.hand_in("nothing wrong")
    classroom.nbgrader("autograde", "tiny")
    return classroom


BROKEN = {
    "no JSON": b"{",
    "empty": b"",
    "a list": b"[]",
    "no cells": b'{"nbformat": 4}',
    "binary": bytes(range(256)),
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("student", names_of(HARMLESS))
def test_a_damaged_notebook_gets_the_marks_of_its_code(graded: Classroom, student: str) -> None:
    assert graded.scores()[student] == {"twice": 7.0, "four_times": 1.0}


@pytest.mark.parametrize("student", names_of(HARMLESS))
def test_the_test_cells_are_back_with_one_number_each(graded: Classroom, student: str) -> None:
    notebook = graded.graded(student, "twice")
    for name, number in {"test-double": "4.0", "test-halve": "3.0"}.items():
        (cell,) = cells_called(notebook, name)
        assert cell["cell_type"] == "code"
        assert cell["source"].startswith(f"# {number[0]} points for ")
        (result,) = [it for it in cell["outputs"] if it["output_type"] == "execute_result"]
        assert "".join(result["data"]["text/plain"]) == number


@pytest.mark.parametrize("student", BROKEN)
def test_what_is_no_notebook_gets_a_message_and_costs_itself_alone(
    graded: Classroom, student: str
) -> None:
    # The next lesson, which imports this one, is graded with ours in its place.
    assert graded.scores()[student] == {"twice": 0.0, "four_times": 1.0}
    first = graded.graded(student, "twice")["cells"][0]["source"]
    assert "This notebook could not be read" in first
    (cell,) = cells_called(graded.graded(student, "twice"), "test-double")
    assert "twice" in json.dumps(cell["outputs"])
    assert graded.scores()["nothing wrong"] == {"twice": 7.0, "four_times": 1.0}


def test_a_link_is_not_followed_to_the_answers(graded: Classroom) -> None:
    assert graded.scores()["link"]["twice"] == 0
    assert "return 2" not in json.dumps(graded.graded("link", "twice"))


def test_grader_grade_gives_the_same_marks(graded: Classroom, tmp_path: Path) -> None:
    assert grader_scores(graded, tmp_path / "out") == graded.scores()


def test_a_written_answer_whose_cell_is_gone_waits_for_a_person(graded: Classroom) -> None:
    from nbgrader.api import Gradebook  # noqa: PLC0415

    name = names_of(HARMLESS)[HARMLESS.index(strip_all_metadata)]
    with Gradebook(f"sqlite:///{graded.root}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("written-why", "twice", "tiny", name)
        assert grade.needs_manual_grade
