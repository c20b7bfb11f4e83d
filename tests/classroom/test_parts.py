"""A part of the course as an assignment of its own, by nbgrader and by `grader classroom`."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from classroom_folder import Classroom

pytestmark = pytest.mark.classroom

PARTS = [
    {"id": "one", "title": "Part one", "lessons": ["twice"]},
    {"id": "two", "title": "Part two", "lessons": ["four_times"]},
]
DATA = b"\x00four\xff"


@pytest.fixture(scope="module")
def part_two(two_lesson_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A classroom with an assignment for each part; ada handed in both, ben the second alone."""
    folder = tmp_path_factory.mktemp("parts")
    course = shutil.copytree(two_lesson_course, folder / "course")
    settings = yaml.safe_load((course / "course.yaml").read_text("utf-8")) | {"parts": PARTS}
    settings["lessons"][1]["data"] = ["four.bin"]
    (course / "course.yaml").write_text(yaml.safe_dump(settings, sort_keys=False), "utf-8")
    (course / "solutions" / "four.bin").write_bytes(DATA)
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


def test_a_part_is_released_with_the_data_of_its_lessons(part_two: Classroom) -> None:
    assert (part_two.root / "release" / "two" / "four.bin").read_bytes() == DATA


def test_lessons_of_the_other_part_are_found_where_they_were_handed_in(
    part_two: Classroom,
) -> None:
    said = part_two.grader("classroom", "autograde", "two", cwd=part_two.root)
    assert "2 graded" in said
    assert "missing" not in said
    # ada's uses her own lesson of part one; ben has not handed in what his imports.
    assert part_two.scores() == {"ada": {"four_times": 1.0}, "ben": {"four_times": 0.0}}
