"""The originals of a student's copy are unpacked when the course is first read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tiny_course import CourseWriter

from grader.course import Course
from grader.errors import CourseError

STUB = "def double(x):\n    raise NotImplementedError\n"


def packed(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "originals.zip", "w") as archive:
        archive.writestr("originals/double.py", STUB)
    return folder


def test_they_are_unpacked_once(tiny_course: CourseWriter) -> None:
    folder = packed(tiny_course(released=True))
    lesson = Course.load(folder).lesson("double")
    assert lesson.reference == folder / "originals" / "double.py"
    assert lesson.reference.read_text() == STUB
    lesson.reference.write_text("changed")
    Course.load(folder)
    assert lesson.reference.read_text() == "changed"
    assert not list(folder.glob(".unpacking*"))


def test_they_can_be_unpacked_again(tiny_course: CourseWriter) -> None:
    folder = packed(tiny_course(released=True))
    Course.load(folder)
    (folder / "originals").rename(folder / "lost")
    assert Course.load(folder).lesson("double").reference.read_text() == STUB


def test_a_whole_course_has_none(tiny_course: CourseWriter) -> None:
    folder = packed(tiny_course())
    Course.load(folder)
    assert not (folder / "originals").exists()


@pytest.mark.parametrize("damage", [b"", b"noise", None])
def test_a_damaged_archive_says_where_to_get_it_again(
    tiny_course: CourseWriter, damage: bytes | None
) -> None:
    folder = packed(tiny_course(released=True))
    archive = folder / "originals.zip"
    whole = archive.read_bytes()
    archive.write_bytes(whole.replace(b"raise", b"RAISE") if damage is None else damage)
    with pytest.raises(CourseError, match=r"originals\.zip cannot be unpacked .* once more"):
        Course.load(folder)
    assert not (folder / "originals").exists()
    assert not list(folder.glob(".unpacking*"))
    archive.write_bytes(whole)
    Course.load(folder)
