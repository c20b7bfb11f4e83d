"""A part of the course as an assignment of its own, by nbgrader and by `grader classroom`."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from classroom_folder import Classroom, cells_called
from places import REPOSITORY

pytestmark = pytest.mark.classroom

PARTS = [
    {"id": "one", "title": "Part one", "lessons": ["twice"]},
    {"id": "two", "title": "Part two", "lessons": ["four_times"]},
]


@pytest.fixture(scope="module")
def part_two(two_lesson_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A classroom with an assignment for each part; ada handed in both, ben the second alone."""
    folder = tmp_path_factory.mktemp("parts")
    course = shutil.copytree(two_lesson_course, folder / "course")
    settings = yaml.safe_load((course / "course.yaml").read_text("utf-8")) | {"parts": PARTS}
    (course / "course.yaml").write_text(yaml.safe_dump(settings, sort_keys=False), "utf-8")
    room = Classroom(folder / "room", course, "one")
    room.root.mkdir()
    for part in ("one", "two"):
        room.grader("--course", str(course), "classroom", "init", str(room.root), "--part", part)
        room.nbgrader("generate_assignment", part)
    room.hand_in("ada")
    second = replace(room, assignment="two")
    second.hand_in("ada")
    second.hand_in("ben")
    return second


def test_an_assignment_has_the_notebooks_of_its_part(part_two: Classroom) -> None:
    found = {
        part: [path.stem for path in (part_two.root / "release" / part).glob("*.ipynb")]
        for part in ("one", "two")
    }
    assert found == {"one": ["twice"], "two": ["four_times"]}


def test_lessons_of_the_other_part_are_found_where_they_were_handed_in(
    part_two: Classroom,
) -> None:
    said = part_two.grader("classroom", "autograde", "two", cwd=part_two.root)
    assert "2 graded" in said
    assert "missing" not in said
    # ada's uses her own lesson of part one; ben has not handed in what his imports.
    assert part_two.scores() == {"ada": {"four_times": 1.0}, "ben": {"four_times": 0.0}}


# This course's part two, whose last lesson opens a data file


@pytest.fixture(scope="module")
def model_room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """Part two of this course, graded for ada: right but for one line, and with another model."""
    first = Classroom(tmp_path_factory.mktemp("model") / "room", REPOSITORY, "part_one")
    first.root.mkdir()
    for part in ("part_one", "part_two"):
        words = ("--course", str(REPOSITORY), "classroom", "init", str(first.root), "--part", part)
        first.grader(*words)
    room = replace(first, assignment="part_two")
    room.nbgrader("generate_assignment", "part_two")
    shutil.copytree(first.root / "source" / "part_one", first.folder("ada"))
    with room.edit(room.hand_in("ada") / "tiny_gpt.ipynb") as notebook:
        [cell] = cells_called(notebook, "answer-next_token")
        cell["source"] = cell["source"].replace("logits / temperature", "logits * temperature")
    (room.folder("ada") / "tiny_gpt.npz").write_bytes(b"another model")
    room.grader("classroom", "autograde", "part_two", cwd=room.root)
    return room


def test_part_two_is_released_with_the_data_of_its_lessons(model_room: Classroom) -> None:
    released = model_room.root / "release" / "part_two"
    assert sorted(path.stem for path in released.glob("*.ipynb")) == [
        "cross_attention", "learning", "masking", "multi_head", "positions", "tiny_gpt",
    ]  # fmt: skip
    data = (REPOSITORY / "solutions" / "tiny_gpt.npz").read_bytes()
    assert (released / "tiny_gpt.npz").read_bytes() == data


def test_part_two_is_marked_by_itself_and_a_model_of_one_s_own_changes_nothing(
    model_room: Classroom,
) -> None:
    [marks] = model_room.scores().values()
    assert len(marks) == 6
    assert 7 <= marks.pop("tiny_gpt") < 10
    assert set(marks.values()) == {10.0}


def test_the_graded_notebook_names_the_mistake_in_the_model(model_room: Classroom) -> None:
    graded = str(model_room.graded("ada", "tiny_gpt"))
    assert "looks like" in graded
    assert "temperature" in graded
