"""A test cell with an undecided check waits for manual grading, in nbgrader's way and in ours."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from imported_later import ImportedLater

from grader.classroom.cell_outputs import CHECKS
from grader.classroom.config import find_own_programs
from grader.results import Status

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from nbgrader.api import Gradebook

nbgrader, v4 = ImportedLater("nbgrader.api"), ImportedLater("nbformat.v4")
bulk_autograde = ImportedLater("grader.classroom.bulk_autograde")
preprocessors = ImportedLater("grader.classroom.preprocessors")

#: nbgrader makes rows in an order that SQLAlchemy warns of, and saves them all the same.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gradebook]:
    """One submission of a notebook with one test cell."""
    find_own_programs()  # nbgrader starts alembic
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with warnings.catch_warnings(), nbgrader.Gradebook(f"sqlite:///{path}") as book:
        warnings.simplefilter("ignore")
        book.add_assignment("double")
        book.add_notebook("double", "double")
        book.add_grade_cell("tests", "double", "double", max_score=2, cell_type="code")
        book.add_student("ada")
        book.add_submission("double", "ada")
        yield book


def a_notebook(status: Status) -> NotebookNode:
    """As it is after grading: a point for one check, and this status for the other."""
    records = [{"status": "passed"}, {"status": status.value}]
    mark = v4.new_output("execute_result", data={"text/plain": "1.0"}, metadata={CHECKS: records})
    tags = {"grade_id": "tests", "grade": True, "solution": False, "points": 2}
    return v4.new_notebook(cells=[v4.new_code_cell(outputs=[mark], metadata={"nbgrader": tags})])


@pytest.mark.parametrize("ours", [True, False], ids=["classroom autograde", "nbgrader autograde"])
@pytest.mark.parametrize(
    ("status", "waits"), [(Status.UNDECIDED, True), (Status.GRADER_ERROR, False)]
)
def test_what_is_undecided_waits_for_a_person(
    gradebook: Gradebook, status: Status, waits: bool, ours: bool
) -> None:
    nb = a_notebook(status)
    if ours:
        bulk_autograde._save_scores(
            gradebook.find_submission_notebook("double", "double", "ada"), nb
        )
        gradebook.db.commit()
    else:
        about = {"notebook": "double", "assignment": "double", "student": "ada"}
        gradebook.db.commit()  # ends the transaction: SQLite has one writer at a time
        resources = {"nbgrader": {**about, "db_url": str(gradebook.engine.url)}}
        preprocessors.SaveAutoScores(assignments=["double"]).preprocess(nb, resources)
        gradebook.db.expire_all()
    grade = gradebook.find_grade("tests", "double", "double", "ada")
    assert (grade.auto_score, grade.needs_manual_grade) == (1, waits)
