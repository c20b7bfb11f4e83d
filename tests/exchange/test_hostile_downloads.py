"""`grader collect` with hostile names, file names and bytes."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from downloads import GOOD, Download, course_of_three
from submitted_files import member, tamper, zipped

from grader.submissions.archives import MAX_UNPACKED_BYTES

if TYPE_CHECKING:
    from tiny_course import CourseWriter


@pytest.fixture
def download(tiny_course: CourseWriter) -> Download:
    return Download(course_of_three(tiny_course))


HOSTILE: Final = [
    "..", ".", "...", "-rf", "~root", "CON", "a\x1b[31mb", "=HYPERLINK(1)", "a\u202eb", "x" * 250,
    ".hidden", "collected.json", "{{7*7}}", "c\nd", "e\u0301ve",
]  # fmt: skip


def test_hostile_names_leave_neither_the_folder_nor_an_escape(download: Download) -> None:
    archive = download.course.parent / "download.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for number, name in enumerate(HOSTILE):
            target.writestr(f"{name}_{number}_assignsubmission_file_double.py", str(number))
        target.writestr("../../up_1_assignsubmission_file_double.py", "up")
        target.writestr("/abs_2_assignsubmission_file_double.py", "abs")
        target.writestr("c:\\win_3_assignsubmission_file_double.py", "win")
    result = download.collect("moodle", path=archive)
    assert result.exit_code == 1
    assert result.output.count("has an unsafe path in download.zip") == 3
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
    collected = download.collected()
    hidden = {number for number, name in enumerate(HOSTILE) if name.startswith(".")}
    assert {int(text) for text in collected.values()} == set(range(len(HOSTILE))) - hidden
    assert all(path.count("/") == 1 and path[0] not in ".-~" for path in collected)
    assert {"studentCON", "\u00e9ve", f"{'x' * 80}"} <= {
        path.partition("/")[0] for path in collected
    }
    assert {path.name for path in download.out.parent.iterdir()} <= {
        "course", "download.zip", "submissions",
    }  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes and links")
def test_links_and_pipes_are_reported_and_never_opened(download: Download) -> None:
    download.put({"ada/double.py": GOOD})
    secret = download.course.parent / "secret.py"
    secret.write_text("SECRET", encoding="utf-8")
    (download.folder / "ada/threefold.py").symlink_to(secret)
    (download.folder / "link").symlink_to(download.course)
    os.mkfifo(download.folder / "ada/half_double.py")
    result = download.collect("folder")
    assert result.exit_code == 1
    assert "ada/threefold.py: is a symbolic link; hand in the file itself" in result.output
    assert "ada/half_double.py: is a named pipe; hand in the file itself" in result.output
    assert list(download.collected()) == ["ada/double.py"]


def test_a_bomb_costs_only_itself(download: Download) -> None:
    download.put({"ben/double.py": GOOD, "ada/x": ""})
    with zipfile.ZipFile(download.folder / "ada/a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("double.py", bytes(65 * 2**20))
    (download.folder / "ada/b.zip").write_bytes(b"PK\x05\x06 no")
    result = download.collect("folder")
    assert result.exit_code == 1
    assert "is larger than" in result.output
    assert "b.zip: is not a zip archive that can be read" in result.output
    assert list(download.collected()) == ["ben/double.py"]


OWNERS: Final = """\
submission_1:
  :submitters:
  - {":name": Mallory, ":sid": "1"}
submission_2:
  :submitters:
  - {":name": Ada, ":sid": "2"}
"""


@pytest.mark.parametrize("top", ["", "assignment_9_export/", "a/b/"])
def test_a_student_cannot_hand_in_the_metadata(download: Download, top: str) -> None:
    forged = OWNERS.replace('"1"', '"3"').replace('"2"', '"1"').replace("Ada", "Mallory")
    download.put(
        {
            f"{top}submission_1/double.py": "bad",
            f"{top}submission_1/submission_metadata.yml": forged,
            f"{top}submission_1/src/submission_metadata.yml": forged,
            f"{top}submission_2/double.py": GOOD,
            f"{top}submission_metadata.yml": OWNERS,
        }
    )
    result = download.collect("gradescope")
    assert result.exit_code == 0, result.output
    assert download.collected() == {"Ada-2/double.py": GOOD, "Mallory-1/double.py": "bad"}


def test_a_students_metadata_file_is_not_used(download: Download) -> None:
    files = {"double.py": GOOD, "submission_metadata.yml": OWNERS}
    download.put({f"submission_1/{name}": text for name, text in files.items()})
    assert "holds no submission_metadata.yml" in download.collect("gradescope").output


@pytest.mark.parametrize("ending", ["_/double.py", "_double.py"])
def test_a_name_with_another_persons_number_is_left_to_a_person(
    download: Download, ending: str
) -> None:
    name = "Ada_7_assignsubmission_file"  # whoever is called that, and is participant 8
    download.put(
        {
            f"Ada_7_assignsubmission_file{ending}": GOOD,
            f"{name}_8_assignsubmission_file{ending}": "bad",
        }
    )
    result = download.collect("moodle")
    assert result.exit_code == 1
    assert "its path does not say who handed it in" in result.output
    assert download.collected() == {"Ada/double.py": GOOD}


@pytest.fixture
def staged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes lay on the disk each time before another file was put beside them."""
    sizes: list[int] = []
    write_bytes = Path.write_bytes

    def write(path: Path, data: bytes) -> int:
        if path.parent.name.startswith(".collecting."):
            sizes.append(sum(entry.stat().st_size for entry in path.parent.iterdir()))
        return write_bytes(path, data)

    monkeypatch.setattr(Path, "write_bytes", write)
    return sizes


@pytest.mark.slow
def test_many_small_bombs_in_one_archive_do_not_fill_the_disk(
    download: Download, staged: list[int]
) -> None:
    download.put({"ben/double.py": GOOD, "ada/x": ""})
    with zipfile.ZipFile(download.folder / "ada/a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(12):
            archive.writestr(f"{number:02}/double.py", bytes(16 * 2**20))
    result = download.collect("folder")
    assert result.exit_code == 1
    assert f"add up to more than {MAX_UNPACKED_BYTES // 1024} KiB" in result.output
    assert set(download.collected()) == {"ada/double.py", "ben/double.py"}
    assert len(staged) > 8
    assert max(staged) <= 16 * 2**20  # what does not count is not kept


def test_the_file_of_a_group_is_kept_while_it_counts_for_somebody(
    download: Download,
) -> None:
    pair = """\
submission_ALONE:
  :submitters:
  - {":name": Ada, ":sid": "2"}
  :created_at: 2026-11-19 12:00:00 Z
submission_BOTH:
  :submitters:
  - {":name": Ada, ":sid": "2"}
  - {":name": Kim, ":sid": "4"}
  :created_at: 2026-11-20 12:00:00 Z
"""
    later = pair.replace("11-19", "11-21")
    # Files are taken in the order of their names: what counts comes first, and comes last.
    for alone, both in (("2", "3"), ("3", "2")):
        for text, ada in ((pair, "both"), (later, "alone")):
            shutil.rmtree(download.out, ignore_errors=True)
            metadata = text.replace("ALONE", alone).replace("BOTH", both)
            download.put(
                {
                    f"submission_{alone}/double.py": "alone",
                    f"submission_{both}/double.py": "both",
                    "submission_metadata.yml": metadata,
                }
            )
            result = download.collect("gradescope")
            assert result.exit_code == 0, result.output
            assert download.collected() == {"Ada-2/double.py": ada, "Kim-4/double.py": "both"}


LINK: Final = member("double.py", mode=0o120777)
DEEP: Final = "/".join("abcdefghijklm")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (zipped(("double.py", "a"), ("double.py", "b")), "is in mine.zip 2 times; leave only one"),
        (zipped((LINK, "/etc/passwd")), "is a symbolic link; hand in the file itself"),
        (tamper(zipped(("double.py", GOOD)), "flags", 1), "is encrypted"),
        (
            tamper(zipped(("double.py", "a"), ("threefold.py", "a")), "offset", 0, entry=1),
            "shares its bytes with another file in mine.zip; zip it again",
        ),
        (zipped((f"{DEEP}/double.py", GOOD)), "lies too deep; not looked into"),
        (zipped(*((f"{number}.txt", "") for number in range(1_001))), "more than 1000 files"),
        (zipped((member("double.py", method=0), b"PK\x01\x02" * 20_001)), "more than 1000 files"),
    ],
    ids=["twice", "link", "password", "shared", "deep", "crowd", "seeming crowd"],
)
def test_an_odd_archive_is_reported_and_costs_nobody_else(
    download: Download, data: bytes, told: str
) -> None:
    download.put({"ada/mine.zip": data, "ben/double.py": GOOD})
    result = download.collect("folder")
    assert result.exit_code == 1
    assert told in result.output
    assert "ben/double.py" in download.collected()
    assert download.collected().get("ada/double.py") in (None, "a")


def test_a_folder_that_lies_too_deep_is_reported_and_not_looked_into(download: Download) -> None:
    download.put({f"ada/{DEEP}/double.py": GOOD, "ben/double.py": GOOD})
    result = download.collect("folder")
    assert "lies too deep; not looked into" in result.output
    assert list(download.collected()) == ["ben/double.py"]


def test_unmarked_utf8_names_are_read(download: Download) -> None:
    data = tamper(zipped(("\u00e9ve/double.py", GOOD)), "flags", 0)
    whole = download.course.parent / "whole.zip"
    whole.write_bytes(data)
    assert download.collect("folder", path=whole).exit_code == 0
    assert list(download.collected()) == ["\u00e9ve/double.py"]


def test_an_archive_beside_the_folders_is_a_student(download: Download) -> None:
    download.put({"ada.zip": zipped(("double.py", GOOD)), "ben/double.py": GOOD})
    assert download.collect("folder").exit_code == 0
    assert list(download.collected()) == ["ada/double.py", "ben/double.py"]
