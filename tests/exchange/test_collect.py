"""`grader collect` sorts bulk downloads of Canvas, Moodle and Gradescope."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner
from downloads import GOOD, Download, course_of_three

from grader.cli import main

if TYPE_CHECKING:
    from tiny_course import CourseWriter


@pytest.fixture
def download(tiny_course: CourseWriter) -> Download:
    return Download(course_of_three(tiny_course))


def roster(download: Download, text: str) -> tuple[str, str]:
    path = download.course.parent / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return "--roster", str(path)


def test_of_several_attempts_on_canvas_the_last_counts(download: Download) -> None:
    download.put(
        {
            "doejane_12_100_double.py": "old",
            "doejane_12_1005_double-2.py": "new",
            "doejane_12_205_double-1.py": "middle",
        }
    )
    result = download.collect("canvas")
    assert result.exit_code == 0, result.output
    assert download.collected() == {"doejane-12/double.py": "new"}
    assert "double-2.py counts, and not" in result.output
    assert not download.record("doejane-12")["is_guess"]


def test_a_late_mark_of_canvas_is_kept_for_the_instructor(download: Download) -> None:
    download.put(
        {
            "doejane_LATE_12_7_double.py": GOOD,
            "roejohn_13_8_double.py": GOOD,
            "anon_LATE_ab12c_9_double.py": GOOD,
        }
    )
    result = download.collect("canvas")
    assert "late" in next(line for line in result.output.splitlines() if "doejane-12" in line)
    assert download.record("doejane-12")["late"] is True
    assert download.record("roejohn-13")["late"] is False
    assert download.record("anonymous ab12c-ab12c")["late"] is True


def test_students_with_the_same_name_get_different_folders(download: Download) -> None:
    download.put({"doejane_12_7_double.py": "a", "doejane_13_8_double.py": "b"})
    assert download.collect("canvas").exit_code == 0
    assert download.collected() == {"doejane-12/double.py": "a", "doejane-13/double.py": "b"}
    download.put(
        {
            "Jane Doe_4_assignsubmission_file_/double.py": "c",
            "Jane Doe_5_assignsubmission_file_/double.py": "d",
            "Joe Roe_6_assignsubmission_file_/double.py": "e",
        }
    )
    shutil.rmtree(download.out)
    assert download.collect("moodle").exit_code == 0
    assert list(download.collected()) == [
        "Jane Doe-4/double.py", "Jane Doe-5/double.py", "Joe Roe/double.py",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("filename", "lesson"),
    [
        ("Double.PY", "double"), ("double (1).py", "double"), ("my_double_final.ipynb", "double"),
        ("HalfDouble.py", "half_double"), ("half-double-2.py", "half_double"),
        ("threfold.py", "threefold"), ("threefold_v2.py", "threefold"),
    ],
)  # fmt: skip
def test_a_file_with_almost_a_lessons_name_counts_with_a_note(
    download: Download, filename: str, lesson: str
) -> None:
    download.put({f"ada/{filename}": GOOD})
    result = download.collect("folder")
    assert result.exit_code == 0, result.output
    assert f"ada: {filename} taken as {lesson}." in result.output
    assert list(download.collected()) == [f"ada/{lesson}{Path(filename).suffix.lower()}"]
    assert download.record("ada", lesson)["is_guess"] is True


@pytest.mark.parametrize(
    ("filename", "why"),
    [
        ("homework.py", "fits no lesson"),
        ("double_or_threefold.py", "could be double or threefold"),
    ],
)
def test_an_ambiguous_file_is_left_to_a_person(download: Download, filename: str, why: str) -> None:
    download.put({f"ada/{filename}": GOOD, "ben/double.py": GOOD})
    result = download.collect("folder")
    assert result.exit_code == 1
    assert f"ada/{filename}: {filename} {why}; rename it" in result.output
    assert list(download.collected()) == ["ben/double.py"]
    result = download.collect("folder", "--lesson", "double")
    assert result.exit_code == 0, result.output
    assert list(download.collected()) == ["ada/double.py", "ben/double.py"]


def test_a_lessons_own_name_beats_a_newer_file_with_another_one(download: Download) -> None:
    download.put({"ada/double.py": "right", "ada/double_backup.py": "backup"})
    os.utime(download.folder / "ada/double.py", (1, 1))
    assert "and not ada/double_backup.py: called double" in download.collect("folder").output
    assert download.collected() == {"ada/double.py": "right"}


def test_a_file_that_is_no_lesson_is_listed_and_left(download: Download) -> None:
    download.put(
        {"doejane_12_7_essay.pdf": b"%PDF", "doejane_12_8_double.py": GOOD, "notes.txt": ""}
    )
    result = download.collect("canvas")
    assert result.exit_code == 0
    assert "ignored, being no lesson: doejane_12_7_essay.pdf" in result.output
    assert "ignored, being no lesson: notes.txt" in result.output


def test_a_second_run_changes_nothing_and_a_later_download_adds(download: Download) -> None:
    download.put({"doejane_12_7_double.py": "one"})
    download.collect("canvas")
    before = (download.out / "collected.json").read_bytes()
    result = download.collect("canvas")
    assert "0 new, 0 replaced" in result.output
    assert (download.out / "collected.json").read_bytes() == before
    download.put({"doejane_12_9_double-1.py": "two", "doejane_12_10_threefold.py": "three"})
    assert "1 new, 1 replaced" in download.collect("canvas").output
    assert download.collected() == {
        "doejane-12/double.py": "two",
        "doejane-12/threefold.py": "three",
    }
    download.put({"doejane_12_7_double.py": "one"})
    assert "older" in download.collect("canvas").output
    assert download.collected()["doejane-12/double.py"] == "two"


def test_files_of_others_are_never_overwritten(download: Download) -> None:
    download.put({"doejane_12_7_double.py": "one"})
    download.collect("canvas")
    (download.out / "doejane-12/double.py").write_text("mended by hand", encoding="utf-8")
    download.put({"doejane_12_9_double-1.py": "two"})
    result = download.collect("canvas")
    assert result.exit_code == 1
    assert "is there and not what was collected before" in result.output
    assert download.collected() == {"doejane-12/double.py": "mended by hand"}


def test_a_dry_run_shows_everything_and_writes_nothing(download: Download) -> None:
    download.put({"ada/double.py": GOOD})
    result = download.collect("folder", "--dry-run")
    assert "1 student: 1 new" in result.output
    assert "Nothing was changed" in result.output
    assert not download.out.exists()


def test_a_disk_that_takes_no_more_is_not_the_downloads_fault(
    download: Download, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip(
        "resource", reason="limits the size of files: run it on Linux or macOS"
    )
    download.put({"ada/double.py": "#" * 2**17})
    monkeypatch.chdir(download.out.parent)  # a long path would be cut
    download.out = Path(download.out.name)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, before[1]))
    try:
        result = download.collect("folder")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert f"Error: cannot write to {download.out}: file too large" in result.output
    assert list(download.out.iterdir()) == []


def test_a_zip_handed_in_is_unpacked_and_a_zip_of_everything_is_read(download: Download) -> None:
    download.put({"x": ""})
    with zipfile.ZipFile(download.folder / "mine.zip", "w") as archive:
        archive.writestr("handed in/double.py", GOOD)
        archive.writestr("__MACOSX/handed in/._double.py", "junk")
    whole = download.course.parent / "whole.zip"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.write(download.folder / "mine.zip", "Ada L_3_assignsubmission_file_/mine.zip")
        archive.writestr("Ben_4_assignsubmission_file_threefold.py", "t")
    result = download.collect("moodle", path=whole)
    assert result.exit_code == 0, result.output
    assert download.collected() == {"Ada L/double.py": GOOD, "Ben/threefold.py": "t"}


METADATA: Final = """\
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: '3031'
    :email: ada@example.edu
  :created_at: 2026-11-20 18:00:00.000000000 Z
  :score: 1.0
submission_102:
  :submitters:
  - :name: Ben Pair
    :sid:
    :email: ben@example.edu
  - :name: Kim Pair
    :sid: '3033'
    :email: kim@example.edu
  :created_at: 2026-11-20 12:00:00.000000000 Z
"""


@pytest.mark.parametrize("due", ["2026-11-20T17:00Z", "2026-11-20T18:00+01:00", "2026-11-20T17:00"])
def test_the_metadata_of_gradescope_give_names_and_times(download: Download, due: str) -> None:
    download.put(
        {
            "assignment_9_export/submission_metadata.yml": METADATA,
            "assignment_9_export/submission_101/double.py": "a",
            "assignment_9_export/submission_102/src/double.py": "b",
        }
    )
    result = download.collect("gradescope", "--due", due)
    assert result.exit_code == 0, result.output
    assert download.collected() == {
        "Ada Lovelace-3031/double.py": "a",
        "Ben Pair-ben@example.edu/double.py": "b",
        "Kim Pair-3033/double.py": "b",
    }
    record = download.record("Ada Lovelace-3031")
    assert (record["late"], record["submitted"]) == (True, "2026-11-20T18:00:00+00:00")
    assert download.record("Kim Pair-3033")["late"] is False


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        (None, "holds no submission_metadata.yml"),
        ("- a\n- b\n", "submission_metadata.yml describes no submissions"),
        ("{", "submission_metadata.yml is not proper YAML"),
        ("submission_101: 3\n", "its path does not say who handed it in"),
    ],
)
def test_without_usable_metadata_no_student_is_invented(
    download: Download, metadata: str | None, told: str
) -> None:
    download.put({"submission_101/double.py": "a"})
    if metadata is not None:
        (download.folder / "submission_metadata.yml").write_text(metadata, encoding="utf-8")
    result = download.collect("gradescope")
    assert result.exit_code == 1
    assert told in result.output
    assert "Traceback" not in result.output
    assert not any(path.suffix == ".py" for path in download.out.rglob("*"))


def test_a_roster_names_folders_and_missing_students(download: Download) -> None:
    download.put(
        {
            "doejane_12_7_double.py": "a",
            "roejohn_99_8_double.py": "b",
            "guest_77_9_double.py": "c",
        }
    )
    gradebook = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Homework (77)\n"
        "    Points Possible,,,,,10\n"
        '"Doe, Jane",12,S12,jdoe,A,\n"Roe, John",13,S13,jroe,A,\n"Kim, Lee",14,S14,lkim,A,\n'
        '"Student, Test",15,,,A,\n'
    )
    result = download.collect("canvas", *roster(download, gradebook))
    assert result.exit_code == 1
    assert download.collected() == {"guest-77/double.py": "c", "jdoe/double.py": "a"}
    assert "guest is not on the roster" in result.output
    told = "roejohn could be jroe, but has another number (canvas 99, not 13)"
    assert f"1 to look at.\n{told}; name and number disagree" in result.output
    assert "Nothing from 2: jroe, lkim" in result.output


def test_a_name_that_two_people_share_matches_nobody(download: Download) -> None:
    download.put({"Jane Doe_4_assignsubmission_file_/double.py": "c"})
    text = "name,login\nJane Doe,jane1\nJane Doe,jane2\n"
    result = download.collect("moodle", *roster(download, text))
    assert result.exit_code == 1
    assert "Jane Doe could be any of jane1, jane2" in result.output
    assert download.collected() == {}


def test_a_moodle_worksheet_is_a_roster_and_says_what_was_late(download: Download) -> None:
    download.put(
        {
            "Jane Doe_4_assignsubmission_file_/double.py": "c",
            "Jane Doe_5_assignsubmission_file_/double.py": "d",
        }
    )
    worksheet = (
        '\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum Grade",'
        '"Grade can be changed","Last modified (submission)","Last modified (grade)",'
        '"Feedback comments"\n'
        '"Participant 4","Jane Doe",jane@x.edu,"Submitted for grading - 2 hours late",,10.00,Yes,'
        '"Friday, 20 November 2026, 7:00 PM",-,\n'
        '"Participant 5","Jane Doe",doe@x.edu,"Submitted for grading",,10.00,Yes,-,-,\n'
    )
    result = download.collect("moodle", *roster(download, worksheet))
    assert result.exit_code == 0, result.output
    assert download.collected() == {"doe/double.py": "d", "jane/double.py": "c"}
    assert download.record("jane")["late"] is True
    assert download.record("jane")["submitted"] == "Friday, 20 November 2026, 7:00 PM"
    assert download.record("doe")["late"] is False


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n", "has no column that names people"),
        ("name,email\nA,a@x\nB,a@y\n", "are both a; give each"),
        ("", "is empty"),
        ('name\n"open', "not a CSV file that can be read"),
    ],
)
def test_a_file_that_is_no_roster_is_reported(download: Download, text: str, told: str) -> None:
    download.put({"ada/double.py": GOOD})
    result = download.collect("folder", *roster(download, text))
    assert (result.exit_code, told in result.output) == (1, True), result.output


def test_nested_folders_are_refused(download: Download) -> None:
    download.put({"ada/double.py": GOOD})
    download.out = download.folder / "submissions"
    assert "lie in one another" in download.collect("folder").output
    assert not download.out.exists()


@pytest.mark.slow
def test_a_collected_folder_is_graded_without_notes(download: Download) -> None:
    download.put({"doejane_12_7_double.py": GOOD})
    download.collect("canvas")
    grades = download.course.parent / "grades"
    result = CliRunner().invoke(
        main, ["--course", str(download.course), "grade", str(download.out), "--out", str(grades)]
    )
    assert result.exit_code == 0, result.output
    assert "ignored" not in result.output
    assert "doejane-12" in (grades / "grades.csv").read_text("utf-8")
