"""`nbgrader autograde` with this grader in the kernel's place: the same marks, and no holes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from classroom_folder import Classroom, Notebook, cells_called, grader_scores
from places import REPOSITORY

from grader.classroom.handed_in import read_submission
from grader.course import Course
from grader.grading.lesson_fingerprints import LessonFingerprints

pytestmark = pytest.mark.classroom

RIGHT = "def double(x):\n    return 2 * x"


def output_of(notebook: Notebook, name: str) -> tuple[str, str]:
    """The number of a test cell, and all that people read in it."""
    (cell,) = cells_called(notebook, name)
    number, table = cell["outputs"]
    assert (number["output_type"], table["output_type"]) == ("execute_result", "display_data")
    html = "".join("".join(output["data"]["text/html"]) for output in cell["outputs"])
    return "".join(number["data"]["text/plain"]), html


def test_marks_are_those_of_grader_grade(graded_classroom: Classroom, tmp_path: Path) -> None:
    ours = grader_scores(graded_classroom, tmp_path / "out")
    assert graded_classroom.scores() == ours
    full: dict[str, float] = {it.id: it.points for it in Course.load(REPOSITORY).lessons}
    full["concepts"] -= 4  # answers in words wait for a person
    assert ours["ada"] | {"tiny_gpt": 10} == full
    assert 0 < ours["ben"].pop("softmax") < 10
    assert set(ours["ben"].values()) == {0}


@pytest.mark.parametrize(
    ("student", "lesson", "test_cell", "effect"),
    [("ben", "softmax", "test-softmax", "column"),
     ("ada", "tiny_gpt", "test-next_token", "temperature")],
)  # fmt: skip
def test_a_mistake_is_named_by_its_effect_with_a_hint(
    graded_classroom: Classroom, student: str, lesson: str, test_cell: str, effect: str
) -> None:
    _, table = output_of(graded_classroom.graded(student, lesson), test_cell)
    assert re.search(f"looks like .*{effect}", table, re.DOTALL)
    assert "Hint:" in table


def test_a_model_of_ones_own_changes_nothing(graded_classroom: Classroom) -> None:
    # Read in the place of the course's, it would cost all checks of the lesson.
    assert 7 <= graded_classroom.scores()["ada"]["tiny_gpt"] < 10


@pytest.fixture(scope="module")
def graded(released_classroom: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A class of four, graded by one command."""
    classroom = released_classroom.copy_to(tmp_path_factory.mktemp("graded") / "room")
    classroom.hand_in("right")
    classroom.hand_in("thrice", {"double": "def double(x):\n    return 3 * x"})
    script = "def double(x):\n    raise ValueError('<script>alert(1)</script>')"
    classroom.hand_in("script", {"double": script})
    with classroom.edit(classroom.hand_in("no kernel") / "twice.ipynb") as notebook:
        notebook["metadata"]["kernelspec"] = {"name": "no-such", "display_name": "No such"}
    classroom.nbgrader("autograde", "tiny")
    return classroom


def test_a_test_cell_holds_one_number_and_a_table(graded: Classroom) -> None:
    number, table = output_of(graded.graded("thrice", "twice"), "test-double")
    assert number == "1.0"
    assert "1 of 4 points" in table
    assert "double(21) is 42." in table
    assert output_of(graded.graded("thrice", "twice"), "test-halve")[0] == "0.0"


def test_an_earlier_lesson_is_imported_from_its_notebook(graded: Classroom) -> None:
    assert graded.scores()["right"] == {"twice": 7.0, "four_times": 1.0}


def test_no_kernel_is_needed(graded: Classroom) -> None:
    assert graded.scores()["no kernel"]["twice"] == 7


def test_what_a_student_wrote_is_escaped_in_the_table(graded: Classroom) -> None:
    _, table = output_of(graded.graded("script", "twice"), "test-double")
    assert "<script>" not in table
    assert "&lt;script&gt;" in table


def test_a_test_cell_of_ones_own_is_refused_not_given_full_marks(
    released_classroom: Classroom, tmp_path: Path
) -> None:
    classroom = released_classroom.copy_to(tmp_path / "room")
    source = classroom.root / "source" / "tiny" / "twice.ipynb"
    with classroom.edit(source) as notebook:
        (cell,) = cells_called(notebook, "test-double")
        cell["metadata"]["nbgrader"]["grade_id"] = "my-own"
    classroom.nbgrader("generate_assignment", "tiny", "--force")
    classroom.hand_in("ada", {})
    said = classroom.nbgrader("autograde", "tiny", code=1)
    assert "no check of the course belongs to the test cell `my-own`" in said


def test_a_notebook_in_a_folder_of_the_students_own_is_not_handed_in(
    two_lesson_course: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "tiny" / "copy" / "twice.py"
    copy.parent.mkdir(parents=True)
    copy.write_text(RIGHT, "utf-8")
    course = Course.load(two_lesson_course)
    assert read_submission(course, tmp_path / "tiny", "ada", {}).lessons == {}
    copy.rename(tmp_path / "tiny" / "twice.py")
    assert list(read_submission(course, tmp_path / "tiny", "ada", {}).lessons) == ["twice"]


@pytest.mark.parametrize(
    "path",
    [
        "course.yaml", "solutions/twice.py", "tests/lessons/hidden/test_twice.py",
        "tests/lessons/misconceptions/twice/thrice.py", "tests/lessons/probes/twice.py",
        "tests/lessons/conftest.py",
    ],
)  # fmt: skip
def test_whichever_file_of_the_course_is_edited_its_checks_are_loaded_anew(
    two_lesson_course: Path, tmp_path: Path, path: str
) -> None:
    shutil.copytree(two_lesson_course, tmp_path / "course")
    course = Course.load(tmp_path / "course")
    before = LessonFingerprints(course).course
    assert LessonFingerprints(course).course == before
    edited = tmp_path / "course" / path
    edited.parent.mkdir(parents=True, exist_ok=True)
    with edited.open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    assert LessonFingerprints(course).course != before
