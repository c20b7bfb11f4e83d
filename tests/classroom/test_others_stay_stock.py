"""Assignments that are not the course's: nbgrader does with them what it does without us."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from classroom_folder import BIN, Classroom, nbgrader_on_path
from imported_later import ImportedLater
from traitlets.utils.importstring import import_item

from grader.classroom import config

converters = ImportedLater("nbgrader.converters")

pytestmark = pytest.mark.classroom

STUBS = """\
c = get_config()
c.CourseDirectory.course_id = "cs101"
c.ClearSolutions.code_stub = {"python": "# mine to fill\\npass", "R": "stop('yours')"}
c.LateSubmissionPlugin.penalty_method = "zero"
c.Execute.record_timing = False
"""


def cell(source: str, name: str, kind: str = "code", points: float | None = None) -> dict[str, Any]:
    mark: dict[str, Any] = {
        "schema_version": 3, "grade_id": name, "cell_type": kind, "task": False,
        "grade": points is not None, "locked": kind == "code" and points is not None,
        "solution": kind != "code" or points is None,
    }  # fmt: skip
    if points is not None:
        mark["points"] = points
    made = {"cell_type": kind, "id": name, "metadata": {"nbgrader": mark}, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def notebook(language: str, *cells: dict[str, Any]) -> str:
    kernel = {"name": "ir", "display_name": "R"} if language == "R" else {"name": "python3"}
    kernelspec = {"display_name": "Python 3", "language": language} | kernel
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernelspec}}
    return json.dumps(whole | {"cells": cells})


PYTHON = notebook(
    "python",
    cell("### BEGIN SOLUTION\ndef add(x, y):\n    return x + y\n### END SOLUTION", "add"),
    cell("assert add(1, 2) == 3\n### BEGIN HIDDEN TESTS\nassert add(2, 2) == 4\n"
         "### END HIDDEN TESTS", "test-add", points=2),
    cell("### BEGIN SOLUTION\nBecause.\n### END SOLUTION", "why", "markdown", 3),
)  # fmt: skip
R = notebook(
    "R",
    cell(
        "add <- function(x, y) {\n    ### BEGIN SOLUTION\n    x + y\n    ### END SOLUTION\n}", "add"
    ),
    cell("stopifnot(add(1, 2) == 3)", "test-add", points=2),
)


@pytest.fixture(scope="module")
def both(
    released_classroom: Classroom, two_lesson_course: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Classroom, Classroom]:
    """The same assignments by nbgrader alone, and beside ours; made after ours had come."""
    folder = tmp_path_factory.mktemp("beside")
    stock = Classroom(folder / "stock", two_lesson_course, "ps2")
    beside = Classroom(folder / "beside", two_lesson_course, "ps2")
    stock.root.mkdir()
    shutil.copytree(released_classroom.root, beside.root)
    lines = config.config_lines(two_lesson_course, ["tiny"])
    (stock.root / "nbgrader_config.py").write_text(STUBS, "utf-8")
    (beside.root / "nbgrader_config.py").write_text(f"{STUBS}\n{lines}\n", "utf-8")
    for classroom in (stock, beside):
        active = {"PATH": f"{BIN}:{classroom.environment['PATH']}"}  # as an environment is
        nbgrader = partial(classroom.nbgrader, environment=active)
        for name, text in (("ps2", PYTHON), ("ps3", R)):
            (classroom.root / "source" / name).mkdir(parents=True)
            (classroom.root / "source" / name / "problem.ipynb").write_text(text, "utf-8")
            nbgrader("generate_assignment", name)
        nbgrader("db", "assignment", "add", "ps2", "--duedate=2026-11-20 17:00:00 UTC")
        for student, answer in {"ada": "def add(x, y): return x + y", "ben": "add = max"}.items():
            folder = classroom.root / "submitted" / student / "ps2"
            shutil.copytree(classroom.root / "release" / "ps2", folder)
            stamp = "2026-11-21 17:00:00 UTC" if student == "ben" else "2026-11-19 17:00:00 UTC"
            (folder / "timestamp.txt").write_text(stamp, "utf-8")
            with classroom.edit(folder / "problem.ipynb") as own:
                own["cells"][0]["source"] = answer
        nbgrader("autograde", "ps2", "--create")
        nbgrader("generate_feedback", "ps2")
    return stock, beside


def files(root: Path, step: str) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted((root / step).rglob("*"))
        if path.is_file() and "/tiny/" not in str(path)
    }


def test_what_is_released_is_the_same_byte_for_byte(both: tuple[Classroom, Classroom]) -> None:
    stock, beside = (files(it.root, "release") for it in both)
    assert stock == beside
    assert b"# mine to fill" in stock["release/ps2/problem.ipynb"]
    assert b"stop('yours')" in stock["release/ps3/problem.ipynb"]


def test_what_is_autograded_is_the_same_byte_for_byte(both: tuple[Classroom, Classroom]) -> None:
    stock, beside = (files(it.root, "autograded") for it in both)
    assert len(stock) == 4
    assert stock == beside


def gradebook(classroom: Classroom) -> list[tuple[object, ...]]:
    """What the gradebook says of released cells, marks and penalties."""
    from nbgrader.api import Gradebook  # noqa: PLC0415

    database = f"sqlite:///{classroom.root}/gradebook.db"
    found: list[tuple[object, ...]] = []
    with nbgrader_on_path(), Gradebook(database) as book:
        for assignment in ("ps2", "ps3"):
            cells = book.find_notebook("problem", assignment).source_cells
            found += [(it.name, it.source, it.checksum, it.locked) for it in cells]
            for submission in book.assignment_submissions(assignment):
                penalty = (submission.student_id, submission.late_submission_penalty)
                grades = submission.notebooks[0].grades
                found += [(*penalty, it.auto_score, it.needs_manual_grade) for it in grades]
    return sorted(found, key=repr)


def test_the_gradebook_says_the_same_with_the_instructors_late_penalty(
    both: tuple[Classroom, Classroom],
) -> None:
    stock, beside = map(gradebook, both)
    assert stock == beside
    assert len(stock) == 9


def test_the_lists_are_nbgraders_own() -> None:
    for kind, name, ours in (
        (converters.GenerateAssignment, "preprocessors", config._GENERATE),
        (converters.Autograde, "autograde_preprocessors", config._AUTOGRADE),
        (converters.GenerateFeedback, "preprocessors", config._FEEDBACK),
    ):
        assert list(map(import_item, ours)) == kind.class_traits()[name].default()
