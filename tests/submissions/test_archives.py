"""Archives are read in memory, with suspicion, and cost no more than their own lessons."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from submitted_files import (
    CODE,
    KIB,
    LESSONS,
    NOTEBOOK,
    Member,
    member,
    read_submissions,
    reason_of,
    students,
    tamper,
    write,
    zipped,
)

from grader.errors import IntakeError
from grader.submissions import archives
from grader.submissions.submission import HandedIn, Source, Unreadable

# -- archives


def from_zip(tmp_path: Path, data: bytes) -> Mapping[str, HandedIn]:
    return students(write(tmp_path / "ada.zip", data))["ada"]


@pytest.mark.parametrize(
    "names",
    [
        ["softmax.py", "dot_product.py"],
        ["ada/", "ada/softmax.py", "ada/dot_product.py", "readme.txt"],
        ["./softmax.py", ".DS_Store", "__MACOSX/._softmax.py", "dot_product.py"],
        ["softmax.py", "dot_product.py", "old/softmax.py", "homework.pdf"],
    ],
    ids=["at the top", "one folder", "clutter of a Mac", "top wins"],
)
def test_lesson_files_are_found_at_the_top_or_in_the_one_folder(
    tmp_path: Path, names: list[str]
) -> None:
    content = [(name, "" if name.endswith("/") else f"# {name}\n") for name in names]
    lessons = from_zip(tmp_path, zipped(*content))
    assert all(isinstance(lesson, Source) for lesson in lessons.values())
    assert list(lessons) == ["dot_product", "softmax"]
    assert "old" not in str([getattr(lesson, "cells", ()) for lesson in lessons.values()])


SEVERAL = zipped(("a/softmax.py", CODE), ("b/softmax.py", "x = 1\n"))


def test_a_students_archive_of_several_folders_with_lessons_is_not_guessed_at(
    tmp_path: Path,
) -> None:
    write(tmp_path / "ada.zip", SEVERAL)
    lessons = students(tmp_path)["ada"]
    assert "the files differ: a/softmax.py, b/softmax.py" in reason_of(lessons["softmax"])


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (SEVERAL, "a, b"),
        (
            zipped(("class/ada/softmax.py", CODE), ("class/bob/softmax.py", "")),
            "class/ada, class/bob",
        ),
        (
            zipped(("a.zip", zipped(("softmax.py", CODE))), ("b.zip", zipped(("softmax.py", "")))),
            "a.zip, b.zip",
        ),
    ],
    ids=["folders", "a folder of folders", "archives"],
)
def test_an_archive_of_a_whole_class_is_no_students(
    tmp_path: Path, data: bytes, shown: str
) -> None:
    with pytest.raises(IntakeError, match=rf"whole class \({shown}\).*Unpack it, and name"):
        read_submissions(write(tmp_path / "download.zip", data))


HOSTILE_MEMBERS: dict[str, tuple[list[Member], str]] = {
    "climbs": ([("../softmax.py", CODE)], "unsafe path in ada.zip (../softmax.py)"),
    "absolute": ([("/softmax.py", CODE)], "unsafe path"),
    "climbs midway": ([("a/../../softmax.py", CODE)], "unsafe path"),
    "climbs by backslashes": ([("..\\softmax.py", CODE)], "unsafe path"),
    "slash and backslash": ([("a/b\\softmax.py", CODE)], "unsafe path"),
    "drive": ([("C:softmax.py", CODE)], "unsafe path"),
    "drive and backslash": ([("C:\\x\\softmax.py", CODE)], "unsafe path"),
    "climbs beside": ([("../softmax.py", CODE), ("softmax.py", CODE)], "unsafe path"),
    "twice": ([("softmax.py", CODE), ("softmax.py", "x")], "2 times; leave only one"),
    "link": ([(member("softmax.py", mode=0o120777), "/etc/passwd")], "a symbolic link"),
    "pipe": ([(member("softmax.py", mode=0o010644), "")], "a named pipe"),
    "folder": ([("softmax.py/", "")], "is a folder"),
    "implied folder": ([("softmax.py/x.txt", "")], "is a folder"),
    "bzip2": ([(member("softmax.py", method=zipfile.ZIP_BZIP2), CODE)], "unusual way"),
    "lzma": ([(member("softmax.py", method=zipfile.ZIP_LZMA), CODE)], "unusual way"),
    "bomb": ([("softmax.py", b"\0" * 2**22)], "larger than 64 KiB"),
    "notebook bomb": ([("softmax.ipynb", b" " * (2**26 + 1))], "larger than 65536 KiB"),
    "no text": ([("softmax.py", b"\xff")], "save it as UTF-8"),
}


def test_the_backslashes_of_older_windows_tools_are_read_as_slashes(tmp_path: Path) -> None:
    data = zipped(("hw\\", ""), ("hw\\softmax.py", CODE), ("hw\\more\\dot_product.py", CODE))
    lessons = from_zip(tmp_path, data)
    assert all(isinstance(lessons[name], Source) for name in ("softmax", "dot_product"))
    twice = zipped(("hw\\softmax.py", CODE), ("hw/softmax.py", "x"))
    assert "2 times" in reason_of(from_zip(tmp_path, twice)["softmax"])


@pytest.mark.parametrize(("hostile", "reason"), HOSTILE_MEMBERS.values(), ids=HOSTILE_MEMBERS)
def test_a_hostile_member_costs_that_lesson_only(
    tmp_path: Path, hostile: list[Member], reason: str
) -> None:
    lessons = from_zip(tmp_path, zipped(*hostile, ("dot_product.py", CODE)))
    assert isinstance(lessons["softmax"], Unreadable)
    assert reason in reason_of(lessons["softmax"])
    assert isinstance(lessons["dot_product"], Source)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("flags", 0x1, "encrypted in ada.zip; zip it without a password"),
        ("flags", 0x20, "damaged"),
        ("method", 99, "unusual way"),
        ("crc", 0, "damaged"),
        ("size", 10, "damaged"),
        ("size", 2**32 - 2, "larger than 64 KiB"),
        ("offset", 2**31, "shares its bytes"),
    ],
)
def test_a_tampered_member_costs_that_lesson_only(
    tmp_path: Path, field: str, value: int, reason: str
) -> None:
    good = zipped(("softmax.py", b"#" * 40 * KIB), ("dot_product.py", CODE))
    lessons = from_zip(tmp_path, tamper(good, field, value))
    assert reason in reason_of(lessons["softmax"])
    assert isinstance(lessons["dot_product"], Source)


def test_a_bomb_that_lies_about_its_size_does_not_fill_the_memory(tmp_path: Path) -> None:
    bomb = tamper(zipped(("softmax.py", b"#" * 2**24)), "size", 60 * KIB)
    tracemalloc.start()
    try:
        lessons = from_zip(tmp_path, bomb)
        assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    finally:
        tracemalloc.stop()
    assert "damaged in ada.zip" in reason_of(lessons["softmax"])


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    data = zipped(("softmax.py", CODE), ("softmax.ipynb", NOTEBOOK), ("dot_product.py", CODE))
    lessons = from_zip(tmp_path, tamper(data, "offset", 0, entry=1))
    assert "shares its bytes" in reason_of(lessons["softmax"])
    assert isinstance(lessons["dot_product"], Source)


def test_a_nul_does_not_smuggle_a_name_in(tmp_path: Path) -> None:
    data = zipped(("softmax.py_txt", CODE)).replace(b"softmax.py_", b"softmax.py\0")
    assert "unsafe path" in reason_of(from_zip(tmp_path, data)["softmax"])


def test_lesson_files_together_have_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 100)
    data = zipped(
        ("dot_product.py", "#" * 60), ("softmax.py", "#" * 60), ("attention_matrix.py", "")
    )
    lessons = from_zip(tmp_path, data)
    assert "add up to more than 100 bytes" in reason_of(lessons["softmax"])
    assert isinstance(lessons["dot_product"], Source)
    assert isinstance(lessons["attention_matrix"], Source)


def test_an_archive_that_cannot_be_read_costs_all_lessons_and_nobody_else(tmp_path: Path) -> None:
    good = zipped(("softmax.py", CODE))
    write(tmp_path / "ada/softmax.py")
    write(tmp_path / "empty.zip", b"")
    write(tmp_path / "html.zip", b"<html>Please log in</html>")
    write(tmp_path / "cut.zip", good[:-30])
    write(tmp_path / "name.zip", tamper(good, "flags", 0x800).replace(b"softmax", b"s\xffftmax"))
    write(tmp_path / "many.zip", zipped(*((str(i), "") for i in range(1_001))))
    write(tmp_path / "flood.zip", b"PK\x01\x02" * 20_001)
    taken = students(tmp_path)
    assert isinstance(taken.pop("ada")["softmax"], Source)
    for student, lessons in taken.items():
        words = "more than 1000 files" if student in ("many", "flood") else "not a zip archive"
        assert set(lessons) == set(LESSONS)
        assert f"{student}.zip " in reason_of(lessons["softmax"])
        assert words in reason_of(lessons["softmax"])


def test_nothing_is_written_next_to_an_archive(tmp_path: Path) -> None:
    path = write(tmp_path / "ada.zip", zipped(("ada/softmax.py", CODE), ("../x", CODE)))
    read_submissions(path)
    assert list(tmp_path.iterdir()) == [path]
