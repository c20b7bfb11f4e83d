"""`grader collect` into a folder that has files already: none of them is lost."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from downloads import GOOD, Download, course_of_three

if TYPE_CHECKING:
    from tiny_course import CourseWriter


@pytest.fixture
def download(tiny_course: CourseWriter) -> Download:
    return Download(course_of_three(tiny_course))


def test_a_renamed_student_keeps_the_folder(download: Download) -> None:
    download.put({"doejane_12_7_double.py": "one"})
    download.collect("canvas")
    download.put({"roejane_12_9_double.py": "two", "doejane_13_8_double.py": "another's"})
    assert download.collect("canvas").exit_code == 0
    assert download.collected() == {
        "doejane-12/double.py": "two",
        "doejane-13/double.py": "another's",
    }


def test_a_script_after_a_notebook_is_put_beside_it_if_it_is_newer(download: Download) -> None:
    download.put({"doejane_12_8_double.ipynb": "notebook"})
    download.collect("canvas")
    download.put({"doejane_12_7_double.py": "earlier"})
    assert "older" in download.collect("canvas").output
    assert download.collected() == {"doejane-12/double.ipynb": "notebook"}
    download.put({"doejane_12_9_double.py": "later"})
    said = download.collect("canvas").output
    assert "doejane-12/double.py is newer than double.ipynb, which stays" in said
    assert list(download.collected()) == ["doejane-12/double.ipynb", "doejane-12/double.py"]


@pytest.mark.skipif(
    os.name == "nt", reason="not every account may make links here: run it on Linux or macOS"
)
@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("ada", "ada is no folder; move it away"),
        ("ada/double.py", "ada/double.py is no regular file; move it away"),
    ],
)
def test_nothing_is_written_through_a_link(download: Download, place: str, told: str) -> None:
    elsewhere = download.course.parent / "elsewhere"
    elsewhere.mkdir()
    link = download.out / place
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere / Path(place).relative_to("ada"))
    download.put({"ada/double.py": GOOD})
    result = download.collect("folder")
    assert result.exit_code == 1
    assert told in result.output
    assert link.is_symlink()
    assert list(elsewhere.iterdir()) == []


def test_two_students_with_one_folder_on_some_systems_are_reported(download: Download) -> None:
    download.put({"ada/double.py": "a", "Ada/double.py": "b"})
    if len(list(download.folder.iterdir())) < 2:
        pytest.skip("to this file system, ada is Ada: run it on Linux")
    result = download.collect("folder")
    assert result.exit_code == 1
    assert "ada and Ada would share the folder ada; tell them apart with --roster" in result.output
    assert download.collected() == {"Ada/double.py": "b"}


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ("{", "is damaged"),
        ('{"students": 3}', "is damaged"),
        ('{"format_version": 2}', "was written by another version of the grader (format 2)"),
    ],
)
def test_an_unusable_record_stops_it_before_anything_is_written(
    download: Download, record: str, told: str
) -> None:
    download.out.mkdir()
    (download.out / "collected.json").write_text(record, encoding="utf-8")
    download.put({"ada/double.py": GOOD})
    result = download.collect("folder")
    assert (result.exit_code, told in result.output) == (1, True), result.output
    assert [path.name for path in download.out.iterdir()] == ["collected.json"]


def test_a_moved_folder_is_written_again(download: Download) -> None:
    download.put({"doejane_12_7_double.py": GOOD})
    download.collect("canvas")
    shutil.rmtree(download.out / "doejane-12")
    assert "1 new, 0 replaced" in download.collect("canvas").output
    assert download.collected() == {"doejane-12/double.py": GOOD}
    students = json.loads((download.out / "collected.json").read_text("utf-8"))["students"]
    assert list(students) == ["doejane-12"]
