"""`nbgrader autograde` with this grader in the kernel's place: the same marks, and no holes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from room import Notebook, Room, cells_called, grader_scores

from grader.classroom.grading import read_submission, state_of
from grader.course import Course

pytestmark = pytest.mark.classroom

RIGHT = "def double(x):\n    return 2 * x"


@pytest.fixture
def room(released: Room, tmp_path: Path) -> Room:
    """A classroom of one's own."""
    shutil.copytree(released.root, tmp_path / "room")
    return Room(tmp_path / "room", released.course, "tiny")


def output_of(notebook: Notebook, name: str) -> tuple[str, str]:
    """The number of a test cell, and all that people read in it."""
    (cell,) = cells_called(notebook, name)
    number, table = cell["outputs"]
    assert (number["output_type"], table["output_type"]) == ("execute_result", "display_data")
    html = "".join("".join(output["data"]["text/html"]) for output in cell["outputs"])
    return "".join(number["data"]["text/plain"]), html


def test_marks_are_those_of_grader_grade(real_room: Room, tmp_path: Path) -> None:
    room = Room(tmp_path / "room", real_room.course, real_room.assignment)
    shutil.copytree(real_room.root, room.root)
    room.hand_in("ada")
    room.hand_in("ben", {"softmax": "import numpy as np\ndef softmax(scores, axis=-1):\n"
                         "    e = np.exp(scores)\n    return e / e.sum(axis=0)"})  # fmt: skip
    room.hand_in("cleo", {})
    room.nbgrader("autograde", room.assignment)
    ours = grader_scores(room, tmp_path / "out")
    assert room.scores() == ours
    assert sum(ours["ada"].values()) == 56
    assert 0 < ours["ben"]["softmax"] < 10
    _, table = output_of(room.graded("ben", "softmax"), "test-softmax")
    assert "column" in table  # the mistake is named by its effect
    assert "Hint:" in table


def test_a_test_cell_holds_one_number_and_a_table(room: Room) -> None:
    room.hand_in("ada", {"double": "def double(x):\n    return 3 * x"})
    room.nbgrader("autograde", "tiny")
    number, table = output_of(room.graded("ada", "twice"), "test-double")
    assert number == "1.0"
    assert "1 of 4 points" in table
    assert "double(21) is 42." in table
    assert output_of(room.graded("ada", "twice"), "test-halve")[0] == "0.0"


def test_an_earlier_lesson_is_imported_from_its_notebook(room: Room) -> None:
    room.hand_in("ada")
    room.nbgrader("autograde", "tiny")
    assert room.scores() == {"ada": {"twice": 7.0, "four_times": 1.0}}


def test_no_kernel_is_needed(room: Room) -> None:
    folder = room.hand_in("ada")
    with room.edit(folder / "twice.ipynb") as notebook:
        notebook["metadata"]["kernelspec"] = {"name": "no-such", "display_name": "No such"}
    room.nbgrader("autograde", "tiny")
    assert room.scores()["ada"]["twice"] == 7


def test_what_a_student_wrote_is_escaped_in_the_table(room: Room) -> None:
    bad = "def double(x):\n    raise ValueError('<script>alert(1)</script>')"
    room.hand_in("ada", {"double": bad})
    room.nbgrader("autograde", "tiny")
    _, table = output_of(room.graded("ada", "twice"), "test-double")
    assert "<script>" not in table
    assert "&lt;script&gt;" in table


def test_a_test_cell_of_ones_own_is_refused_not_given_full_marks(room: Room) -> None:
    source = room.root / "source" / "tiny" / "twice.ipynb"
    with room.edit(source) as notebook:
        (cell,) = cells_called(notebook, "test-double")
        cell["metadata"]["nbgrader"]["grade_id"] = "my-own"
    room.nbgrader("generate_assignment", "tiny", "--force")
    room.hand_in("ada", {})
    said = room.nbgrader("autograde", "tiny", code=1)
    assert "no check of the course belongs to the test cell `my-own`" in said


def test_a_notebook_in_a_folder_of_the_students_own_is_not_handed_in(
    two_lessons: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "tiny" / "copy" / "twice.py"
    copy.parent.mkdir(parents=True)
    copy.write_text(RIGHT, "utf-8")
    course = Course.load(two_lessons)
    assert read_submission(course, tmp_path / "tiny", "ada").lessons == {}
    copy.rename(tmp_path / "tiny" / "twice.py")
    assert list(read_submission(course, tmp_path / "tiny", "ada").lessons) == ["twice"]


@pytest.mark.parametrize(
    "path",
    [
        "course.yaml", "solutions/twice.py", "tests/lessons/hidden/test_twice.py",
        "tests/lessons/misconceptions/twice/thrice.py", "tests/lessons/probes/twice.py",
        "tests/lessons/conftest.py",
    ],
)  # fmt: skip
def test_whichever_file_of_the_course_is_edited_its_checks_are_loaded_anew(
    two_lessons: Path, tmp_path: Path, path: str
) -> None:
    shutil.copytree(two_lessons, tmp_path / "course")
    course = Course.load(tmp_path / "course")
    before = state_of(course)
    assert state_of(course) == before
    edited = tmp_path / "course" / path
    edited.parent.mkdir(parents=True, exist_ok=True)
    with edited.open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    assert state_of(course) != before
