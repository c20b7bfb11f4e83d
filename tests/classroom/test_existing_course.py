"""An instructor who has a course on nbgrader already: nothing of it changes, nothing is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml
from classroom_folder import BIN, Classroom, nbgrader_on_path

pytestmark = pytest.mark.classroom

CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "cs101"
c.ClearSolutions.code_stub = {"python": "# mine to fill\\npass"}
"""
JANE = "jane.doe@example.org"
SPACED = "Week 3 again"


def cell(source: str, name: str, points: float | None = None) -> dict[str, object]:
    mark = {
        "schema_version": 3, "grade_id": name, "cell_type": "code", "task": False,
        "grade": points is not None, "locked": points is not None, "solution": points is None,
    } | ({"points": points} if points is not None else {})  # fmt: skip
    return {
        "cell_type": "code", "id": name, "metadata": {"nbgrader": mark}, "source": source,
        "outputs": [], "execution_count": None,
    }  # fmt: skip


OWN_NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    "cells": [
        cell("### BEGIN SOLUTION\ndef add(x, y):\n    return x + y\n### END SOLUTION", "add"),
        cell("assert add(1, 2) == 3", "test-add", 2),
    ],
}


@pytest.fixture(scope="module")
def classroom(two_lesson_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A course with an assignment of its own and a student, which ours has come to."""
    folder = tmp_path_factory.mktemp("existing")
    course = folder / "lessons"
    shutil.copytree(two_lesson_course, course)
    classroom = Classroom(folder / "room", course, "tiny")
    source = classroom.root / "source" / "ps1"
    source.mkdir(parents=True)
    (source / "problem.ipynb").write_text(json.dumps(OWN_NOTEBOOK), "utf-8")
    config = classroom.root / "nbgrader_config.py"
    config.write_text(CONFIG, "utf-8")
    active = {"PATH": f"{BIN}:{classroom.environment['PATH']}"}  # an environment that is activated
    classroom.nbgrader("db", "student", "add", JANE, "--last-name=Doe", environment=active)
    said = init(classroom)
    assert config.read_text("utf-8") == CONFIG
    assert "nbgrader_config.py is yours and stays as it is" in said
    lines = said.partition("older `use_grader`:\n\n")[2].partition("\n\nNext,")[0]
    assert "assignments=['tiny']" in lines
    config.write_text(f"{CONFIG}\n{lines}\n", "utf-8")
    assert "is yours" not in init(classroom)
    for assignment in ("ps1", "tiny"):
        classroom.nbgrader("generate_assignment", assignment)
    return classroom


def init(classroom: Classroom, *options: str) -> str:
    return classroom.grader(
        "--course", str(classroom.course), "classroom", "init", str(classroom.root), *options
    )


def scores(classroom: Classroom, assignment: str) -> dict[str, dict[str, float]]:
    return Classroom(classroom.root, classroom.course, assignment).scores()


def test_assignments_of_ones_own_are_run_in_a_kernel_as_ever(classroom: Classroom) -> None:
    released_classroom = classroom.read(classroom.root / "release" / "ps1" / "problem.ipynb")
    assert released_classroom["cells"][0]["source"] == "# mine to fill\npass"
    for student, code in {
        JANE: "def add(x, y): return x + y",
        "ben": "def add(x, y): return 0",
    }.items():
        folder = classroom.root / "submitted" / student / "ps1"
        shutil.copytree(classroom.root / "release" / "ps1", folder)
        with classroom.edit(folder / "problem.ipynb") as notebook:
            notebook["cells"][0]["source"] = code
    classroom.nbgrader("autograde", "ps1", "--create")
    assert scores(classroom, "ps1") == {JANE: {"problem": 2.0}, "ben": {"problem": 0.0}}
    graded = classroom.read(classroom.root / "autograded" / "ben" / "ps1" / "problem.ipynb")
    assert graded["cells"][1]["outputs"][0]["ename"] == "AssertionError"


def test_the_bulk_lane_leaves_them_to_nbgrader(classroom: Classroom) -> None:
    said = classroom.grader("classroom", "autograde", "ps1", code=1)
    assert "does not name `ps1` as one of the course's assignments" in said
    assert "nbgrader autograde ps1" in said


def test_ours_are_graded_beside_them_and_students_stay(classroom: Classroom) -> None:
    from nbgrader.api import Gradebook  # noqa: PLC0415

    classroom.hand_in(JANE)
    classroom.nbgrader("autograde", "tiny")
    assert classroom.scores() == {JANE: {"twice": 7.0, "four_times": 1.0}}
    with nbgrader_on_path(), Gradebook(f"sqlite:///{classroom.root}/gradebook.db") as gradebook:
        assert gradebook.find_student(JANE).last_name == "Doe"


def test_a_name_with_spaces_and_a_student_who_submits_twice(classroom: Classroom) -> None:
    said = init(classroom, "--assignment", SPACED)
    assert "assignments=['Week 3 again', 'tiny']" in said
    config = classroom.root / "nbgrader_config.py"
    text = config.read_text("utf-8").replace("['tiny']", repr([SPACED, "tiny"]))
    config.write_text(text, "utf-8")
    assert f"nbgrader generate_assignment '{SPACED}'" in said
    classroom.nbgrader("generate_assignment", SPACED)
    spaced = Classroom(classroom.root, classroom.course, SPACED)
    first = spaced.hand_in(JANE, {})
    (first / "timestamp.txt").write_text("2026-11-20 17:00:00 UTC", "utf-8")
    assert "1 graded, 0 graded before" in classroom.grader("classroom", "autograde", SPACED)
    assert spaced.scores()[JANE]["twice"] == 0
    shutil.rmtree(first)
    second = spaced.hand_in(JANE)
    (second / "timestamp.txt").write_text("2026-11-20 18:00:00 UTC", "utf-8")
    assert "1 graded, 0 graded before" in classroom.grader("classroom", "autograde", SPACED)
    assert spaced.scores()[JANE] == {"twice": 7.0, "four_times": 1.0}
    classroom.nbgrader("generate_feedback", SPACED)
    assert (classroom.root / "feedback" / JANE / SPACED / "twice.html").is_file()


@pytest.fixture
def mine(released_classroom: Classroom, tmp_path: Path) -> Classroom:
    """A classroom of one's own, whose course may be edited."""
    return released_classroom.copy_to(tmp_path / "room", course=tmp_path / "lessons")


def test_an_edited_check_counts_when_all_are_graded_anew_and_marks_stay(mine: Classroom) -> None:
    from nbgrader.api import Gradebook  # noqa: PLC0415

    known_by_heart = "def double(x):\n    return {0: 0, 21: 42}.get(x)"
    mine.hand_in("ada", {"double": known_by_heart, "written-why": "So."})
    mine.grader("classroom", "autograde", "tiny")
    assert mine.scores()["ada"]["twice"] == 4
    with nbgrader_on_path(), Gradebook(f"sqlite:///{mine.root}/gradebook.db") as gradebook:
        gradebook.find_grade("written-why", "twice", "tiny", "ada").manual_score = 1.5
        gradebook.db.commit()
    check = mine.course / "tests" / "lessons" / "hidden" / "test_twice.py"
    text = check.read_text("utf-8")
    check.write_text(text.replace("student.double(21) == 42", "student.double(4) == 8"), "utf-8")
    assert "0 graded, 1 graded before" in mine.grader("classroom", "autograde", "tiny")
    mine.grader("classroom", "autograde", "tiny", "--force")
    assert mine.scores()["ada"]["twice"] == 1 + 1.5
    bulk = mine.scores()
    mine.nbgrader("autograde", "tiny", "--force")
    assert mine.scores() == bulk


def test_a_course_whose_points_changed_is_refused_until_the_notebooks_are_made_anew(
    mine: Classroom,
) -> None:
    mine.hand_in("ada")
    mine.grader("classroom", "autograde", "tiny")
    settings = yaml.safe_load((mine.course / "course.yaml").read_text("utf-8"))
    settings["lessons"][0]["points"] += 1
    (mine.course / "course.yaml").write_text(yaml.safe_dump(settings), "utf-8")
    check = mine.course / "tests" / "lessons" / "hidden" / "test_twice.py"
    check.write_text(check.read_text("utf-8").replace("points(3)", "points(4)"), "utf-8")
    for said in (
        mine.grader("classroom", "autograde", "tiny", "--force", code=1),
        mine.nbgrader("autograde", "tiny", "--force", code=1),
    ):
        assert "is worth 4 points to nbgrader, and 5 to the course" in said, said
        assert "grader classroom init --force" in said
    init(mine, "--force")
    mine.nbgrader("generate_assignment", "tiny", "--force")
    mine.grader("classroom", "autograde", "tiny", "--force")
    assert mine.scores()["ada"] == {"twice": 8.0, "four_times": 1.0}
