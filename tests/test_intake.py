"""Submissions are taken in as they are, and whatever is wrong costs one lesson only."""

from __future__ import annotations

import errno
import io
import json
import os
import socket
import struct
import tempfile
import tracemalloc
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import archives
from grader.errors import GraderError, IntakeError
from grader.intake import Source, Submission, Unreadable, take_in

LESSONS = ("dot_product", "softmax", "attention_matrix")
KIB = 1024
CODE = "def softmax(scores):\n    return scores\n"
Member = tuple[str | zipfile.ZipInfo, str | bytes]
NOTEBOOK = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}]})


class Taken(NamedTuple):
    """A submissions folder, read to the end."""

    submissions: tuple[Submission, ...]
    notes: tuple[str, ...]


def intake(path: Path | str) -> Taken:
    found = take_in(Path(path), LESSONS, max_file_bytes=64 * KIB)
    submissions = tuple(found)
    assert tuple(it.student for it in submissions) == found.students
    return Taken(submissions, tuple(found.notes))


def students(path: Path | str) -> dict[str, Mapping[str, Source | Unreadable]]:
    return {submission.student: submission.lessons for submission in intake(path).submissions}


def reason_of(lesson: Source | Unreadable) -> str:
    assert isinstance(lesson, Unreadable)
    return lesson.reason


def write(path: Path, content: str | bytes = CODE, *, age: int = 0) -> Path:
    """A file (and its folders) that was changed `age` seconds before some fixed moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (1_700_000_000 - age,) * 2)
    return path


def member(
    name: str, *, mode: int = 0, year: int = 2026, method: int = zipfile.ZIP_DEFLATED
) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0))
    info.create_system = 3
    info.external_attr = mode << 16
    info.compress_type = method
    return info


def zipped(*members: Member) -> bytes:
    """The bytes of a zip with `members`: pairs of a name (or ZipInfo) and the content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of the duplicates we want
        for name, content in members:
            archive.writestr(member(name) if isinstance(name, str) else name, content)
    return buffer.getvalue()


def tampered(data: bytes, field: str, value: int, *, entry: int = 0) -> bytes:
    """`data` with one field of a member changed, in its local header and the directory alike."""
    places: dict[
        str, tuple[str, int | None, int]
    ] = {  # field: (format, offset in the local header, offset in the directory)
        "flags": ("<H", 6, 8),
        "method": ("<H", 8, 10),
        "crc": ("<L", 14, 16),
        "size": ("<L", 22, 24),
        "offset": ("<L", None, 42),
    }
    form, local, central = places[field]
    changed = bytearray(data)
    position = -1
    for _ in range(entry + 1):
        position = data.index(b"PK\x01\x02", position + 1)
    start = struct.unpack_from("<L", data, position + 42)[0]
    if local is not None:
        struct.pack_into(form, changed, start + local, value)
    struct.pack_into(form, changed, position + central, value)
    return bytes(changed)


@pytest.fixture(params=[True, False], ids=["descriptors", "paths"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders held open, as on Linux and macOS; or paths alone, as on Windows."""
    if request.param and not archives._HOLDS_FOLDERS_OPEN:
        pytest.skip("this system cannot hold folders open")
    monkeypatch.setattr(archives, "_HOLDS_FOLDERS_OPEN", request.param)


# -- what people hand in


@pytest.mark.usefixtures("either_way")
def test_a_class_of_folders_and_archives_is_read_in_order(tmp_path: Path) -> None:
    write(tmp_path / "grace/softmax.ipynb", NOTEBOOK)
    write(tmp_path / "ada/softmax.py", CODE.replace("\n", "\r\n"))
    write(tmp_path / "ada/shopping list.txt")
    write(tmp_path / "mary.zip", zipped(("dot_product.py", "d = 1\n"), ("softmax.ipynb", NOTEBOOK)))
    (tmp_path / "nobody").mkdir()
    taken = students(tmp_path)
    assert list(taken) == ["ada", "grace", "mary", "nobody"]
    assert taken["ada"] == {"softmax": Source("softmax.py", (CODE,), notebook=False)}
    assert taken["grace"] == {"softmax": Source("softmax.ipynb", ("x = 1",), notebook=True)}
    assert list(taken["mary"]) == ["dot_product", "softmax"]
    assert taken["nobody"] == {}


@pytest.mark.usefixtures("either_way")
def test_one_students_folder_or_archive_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "ada/softmax.py")
    write(tmp_path / "Grace.ZIP", zipped(("softmax.py", CODE)))
    monkeypatch.chdir(tmp_path / "ada")
    for path in (tmp_path / "ada", ".", "../ada"):
        assert list(students(path)) == ["ada"]
    assert list(students(tmp_path / "Grace.ZIP")) == ["Grace"]


def test_the_path_that_the_instructor_gives_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real/ada/softmax.py")
    write(tmp_path / "x.zip", zipped(("softmax.py", CODE)))
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "grace.zip").symlink_to("x.zip")
    assert list(students(tmp_path / "link")) == ["ada"]
    assert list(students(tmp_path / "link/ada")) == ["ada"]
    assert students(tmp_path / "grace.zip") == {
        "grace": {"softmax": Source("softmax.py", (CODE,), False)}
    }


def test_one_students_folder_with_more_in_it_says_what_was_ignored(tmp_path: Path) -> None:
    write(tmp_path / "ada/softmax.py")
    write(tmp_path / "ada/backup/softmax.py")
    taken = intake(tmp_path / "ada")
    assert [it.student for it in taken.submissions] == ["ada"]
    assert "read as one student's folder; ignored in it: backup" in taken.notes[0]


def test_hidden_things_are_passed_over_in_silence(tmp_path: Path) -> None:
    write(tmp_path / "ada/softmax.py")
    write(tmp_path / ".git/softmax.py")
    write(tmp_path / ".DS_Store")
    write(tmp_path / "__MACOSX/softmax.py")
    taken = intake(tmp_path)
    assert ([it.student for it in taken.submissions], taken.notes) == (["ada"], ())


def test_stray_files_and_near_misses_are_noted_for_the_instructor(tmp_path: Path) -> None:
    write(tmp_path / "grades\n.csv")
    write(tmp_path / "ada/softmax.py")
    write(tmp_path / "ada/dot_product (1).py")
    write(tmp_path / "bob/homework.docx")
    write(tmp_path / "eve.zip", zipped(("Softmax.py", CODE), ("a/b/c.py", CODE)))
    assert intake(tmp_path).notes == (
        r"ignored, being neither a folder nor a .zip: grades\n.csv",
        "ada: dot_product is missing, but dot_product (1).py is there; "
        "only dot_product.py or dot_product.ipynb counts",
        "bob holds no file of a lesson's name; ignored in it: homework.docx",
        "eve.zip: softmax is missing, but Softmax.py is there; "
        "only softmax.py or softmax.ipynb counts",
        "eve.zip holds no file of a lesson's name; ignored in it: a/b/c.py",
    )


def test_a_folder_counts_before_the_archive_of_the_same_name(tmp_path: Path) -> None:
    write(tmp_path / "ada/softmax.py")
    write(tmp_path / "ada.zip", zipped(("dot_product.py", CODE)))
    taken = intake(tmp_path)
    assert [list(it.lessons) for it in taken.submissions] == [["softmax"]]
    assert taken.notes == ("ada: both the folder and ada.zip are there; the folder counts",)


@pytest.mark.parametrize(
    ("script_age", "notebook_age", "counts"),
    [(0, 60, "softmax.py"), (60, 0, "softmax.ipynb"), (0, 0, "softmax.py")],
    ids=["script newer", "notebook newer", "same age"],
)
def test_of_script_and_notebook_the_newer_counts_and_the_student_is_told(
    tmp_path: Path, script_age: int, notebook_age: int, counts: str
) -> None:
    write(tmp_path / "c/ada/softmax.py", age=script_age)
    write(tmp_path / "c/ada/softmax.ipynb", NOTEBOOK, age=notebook_age)
    script = member("softmax.py", year=2026 - script_age // 10)
    notebook = member("softmax.ipynb", year=2026 - notebook_age // 10)
    write(tmp_path / "c/bob.zip", zipped((notebook, NOTEBOOK), (script, CODE)))
    for lessons in students(tmp_path / "c").values():
        lesson = lessons["softmax"]
        assert isinstance(lesson, Source)
        assert lesson.filename == counts
        assert f"both there; {counts} counts" in (lesson.note or "")


# -- names


@pytest.mark.skipif(os.name == "nt", reason="file names are bytes on POSIX only")
def test_names_that_are_no_text_become_text_and_stay_apart(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path)
    try:
        for name in (b"ren\xe9", b"ren\xe8", "ren\ufffd".encode()):
            os.mkdir(os.path.join(root, name))  # noqa: PTH102, PTH118 -- bytes
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    taken = intake(tmp_path)
    assert [it.student for it in taken.submissions] == [
        "ren\ufffd",
        "ren\ufffd (2)",
        "ren\ufffd (3)",
    ]
    assert len(taken.notes) == 2
    json.dumps([it.student for it in taken.submissions], ensure_ascii=False).encode()


@pytest.mark.parametrize("name", ["Ada Lovelace", "=1+1", "名前", "a.b", "x\ny", "-rf"])
def test_a_student_is_called_what_the_folder_is_called(tmp_path: Path, name: str) -> None:
    write(tmp_path / name / "softmax.py")
    assert list(students(tmp_path)) == [name]


# -- nothing to grade


def test_a_path_without_submissions_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "strays/notes.txt")
    write(tmp_path / "softmax.txt")
    (tmp_path / "loop").symlink_to("loop")
    for path, words in {
        "nowhere": "no such file.*Name the folder that holds the submissions",
        "nul\0": "cannot be read",
        "loop": "cannot be read",
        "empty": r"holds no submissions\. Put one folder or one \.zip for each student",
        "strays": r"holds no submissions \(only notes\.txt\)",
        "softmax.txt": "neither a folder nor a .zip",
    }.items():
        with pytest.raises(IntakeError, match=words):
            intake(tmp_path / path)


# -- hostile folders


def in_place(kind: str, path: Path) -> Path:
    """Something that is not a regular file, at `path`."""
    if kind == "a symbolic link":
        path.symlink_to("/etc/passwd")
    elif kind == "a folder":
        path.mkdir()
    elif kind == "a named pipe":
        os.mkfifo(path)
    else:
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(os.path.relpath(path))  # a socket's path may have 108 bytes at most
    return path


KINDS = ["a symbolic link", "a folder", "a named pipe", "a socket"]
needs_posix = pytest.mark.skipif(os.name == "nt", reason="needs pipes and links")


@needs_posix
@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("filename", ["softmax.py", "softmax.ipynb"])
def test_what_is_no_regular_file_costs_that_lesson_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, filename: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "ada/dot_product.py")
    in_place(kind, tmp_path / "ada" / filename)
    lessons = students(tmp_path)["ada"]
    assert lessons["softmax"] == Unreadable(f"{filename} is {kind}; hand in the file itself")
    assert isinstance(lessons["dot_product"], Source)


@needs_posix
@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("kind", ["a symbolic link", "a named pipe", "a socket"])
@pytest.mark.parametrize("entry", ["eve", "eve.zip"])
def test_a_student_with_an_odd_entry_stays_in_the_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, entry: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "ada/softmax.py")
    in_place(kind, tmp_path / entry)
    taken = intake(tmp_path)
    assert taken.submissions[1].student == "eve"
    reason = Unreadable(f"{entry} is {kind}; hand in the file itself")
    assert taken.submissions[1].lessons == dict.fromkeys(LESSONS, reason)
    assert taken.notes == (f"not followed, all lessons unreadable: {entry}",)


@needs_posix
@pytest.mark.usefixtures("either_way")
def test_a_link_to_another_students_work_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "ada/softmax.py", "SECRET = 1\n")
    (tmp_path / "eve").symlink_to("ada", target_is_directory=True)
    (tmp_path / "mallory").mkdir()
    (tmp_path / "mallory/softmax.py").symlink_to("../ada/softmax.py")
    taken = students(tmp_path)
    assert "SECRET" not in str([taken["eve"], taken["mallory"]])


@needs_posix
def test_a_hard_link_is_a_regular_file(tmp_path: Path) -> None:
    source = write(tmp_path / "elsewhere.py")
    (tmp_path / "class/ada").mkdir(parents=True)
    (tmp_path / "class/ada/softmax.py").hardlink_to(source)
    assert isinstance(students(tmp_path / "class")["ada"]["softmax"], Source)


@needs_posix
@pytest.mark.parametrize("kind", ["a symbolic link", "a named pipe"])
def test_a_file_that_is_swapped_between_look_and_open_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path = write(tmp_path / "c/ada/softmax.py")
    real_open = os.open

    def swap_then_open(name: str, flags: int, *, dir_fd: int | None = None) -> int:
        if name == "softmax.py":
            path.unlink()
            in_place(kind, path)
        return real_open(name, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", swap_then_open)
    lesson = students(tmp_path / "c")["ada"]["softmax"]
    assert isinstance(lesson, Unreadable)
    assert "symbolic link" in lesson.reason or "changed while it was read" in lesson.reason


@needs_posix
def test_a_folder_that_is_swapped_for_a_link_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "secret/softmax.py", "SECRET = 1\n")
    folder = tmp_path / "c/eve"
    folder.mkdir(parents=True)
    real_open = os.open

    def swap_then_open(name: str, flags: int, *, dir_fd: int | None = None) -> int:
        if name == "eve":
            folder.rmdir()
            folder.symlink_to(tmp_path / "secret")
        return real_open(name, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", swap_then_open)
    assert "eve cannot be read" in reason_of(students(tmp_path / "c")["eve"]["softmax"])


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_unreadable(tmp_path: Path) -> None:
    write(tmp_path / "ada/softmax.py").chmod(0)
    write(tmp_path / "bob/softmax.py").parent.chmod(0)
    taken = students(tmp_path)
    assert "permission denied" in reason_of(taken["ada"]["softmax"])
    assert "permission denied" in reason_of(taken["bob"]["dot_product"])


def test_trouble_of_this_machine_is_not_blamed_on_a_student(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "c/ada/softmax.py")
    real_open = os.open

    def no_descriptors_left(name: str, flags: int, *, dir_fd: int | None = None) -> int:
        if str(name).endswith("softmax.py"):
            raise OSError(errno.EMFILE, "Too many open files")
        return real_open(name, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", no_descriptors_left)
    with pytest.raises(GraderError, match="too many open files"):
        intake(tmp_path / "c")


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "c/ada/softmax.py", b"#" * (64 * KIB))
    write(tmp_path / "c/ada/dot_product.py", b"#" * (64 * KIB + 1))
    for name in ("bob/softmax.py", "bob/dot_product.ipynb", "eve.zip"):
        with write(tmp_path / "c" / name).open("r+b") as sparse:
            sparse.truncate(2**40)
    taken = students(tmp_path / "c")
    assert isinstance(taken["ada"]["softmax"], Source)
    assert reason_of(taken["ada"]["dot_product"]) == "dot_product.py is larger than 64 KiB"
    assert reason_of(taken["bob"]["softmax"]) == "softmax.py is larger than 64 KiB"
    assert reason_of(taken["bob"]["dot_product"]) == "dot_product.ipynb is larger than 65536 KiB"
    assert reason_of(taken["eve"]["softmax"]) == "eve.zip is larger than 65536 KiB"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors in /proc")
def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    write(tmp_path / "ada/softmax.py")
    write(tmp_path / "bob.zip", b"not a zip")
    (tmp_path / "eve").symlink_to("ada")
    before = set(Path("/proc/self/fd").iterdir())
    intake(tmp_path)
    assert set(Path("/proc/self/fd").iterdir()) == before


# -- archives


def from_zip(tmp_path: Path, data: bytes) -> Mapping[str, Source | Unreadable]:
    return students(write(tmp_path / "ada.zip", data))["ada"]


@pytest.mark.parametrize(
    "names",
    [
        ["softmax.py", "dot_product.py"],
        ["ada/", "ada/softmax.py", "ada/dot_product.py", "readme.txt"],
        ["./softmax.py", ".DS_Store", "__MACOSX/._softmax.py", "dot_product.py"],
        ["softmax.py", "dot_product.py", "old/softmax.py", "homework.zip"],
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
    assert "old" not in str(lessons["softmax"])


def test_an_archive_of_several_folders_with_lessons_is_not_guessed_at(tmp_path: Path) -> None:
    lessons = from_zip(tmp_path, zipped(("a/softmax.py", CODE), ("b/softmax.py", CODE)))
    assert "lesson files in several folders (a, b)" in reason_of(lessons["softmax"])


HOSTILE_MEMBERS: dict[str, tuple[list[Member], str]] = {
    "climbs": ([("../softmax.py", CODE)], "unsafe path in ada.zip (../softmax.py)"),
    "absolute": ([("/softmax.py", CODE)], "unsafe path"),
    "climbs midway": ([("a/../../softmax.py", CODE)], "unsafe path"),
    "backslash": ([("a\\softmax.py", CODE)], "unsafe path"),
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
    lessons = from_zip(tmp_path, tampered(good, field, value))
    assert reason in reason_of(lessons["softmax"])
    assert isinstance(lessons["dot_product"], Source)


def test_a_bomb_that_lies_about_its_size_does_not_fill_the_memory(tmp_path: Path) -> None:
    bomb = tampered(zipped(("softmax.py", b"#" * 2**24)), "size", 60 * KIB)
    tracemalloc.start()
    try:
        lessons = from_zip(tmp_path, bomb)
        assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    finally:
        tracemalloc.stop()
    assert "damaged in ada.zip" in reason_of(lessons["softmax"])


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    data = zipped(("softmax.py", CODE), ("softmax.ipynb", NOTEBOOK), ("dot_product.py", CODE))
    lessons = from_zip(tmp_path, tampered(data, "offset", 0, entry=1))
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
    write(tmp_path / "name.zip", tampered(good, "flags", 0x800).replace(b"softmax", b"s\xffftmax"))
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
    intake(path)
    assert list(tmp_path.iterdir()) == [path]


# -- whatever comes


GOOD_ZIP = zipped(
    ("softmax.py", CODE),
    (member("dot_product.ipynb", method=zipfile.ZIP_STORED), NOTEBOOK),
    ("ada/attention_matrix.py", CODE * 20),
)


@st.composite
def mangled_zips(draw: st.DrawFn) -> bytes:
    """A good archive with a few bytes changed, mostly in the tables that zipfile trusts."""
    data = bytearray(GOOD_ZIP)
    for _ in range(draw(st.integers(1, 4))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(len(data) - 40, len(data)))])


@given(st.binary(), st.binary(), st.binary() | mangled_zips())
def test_any_bytes_become_a_source_or_words(script: bytes, notebook: bytes, archive: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, "ada/softmax.py"), script)
        write(Path(folder, "ada/dot_product.ipynb"), notebook)
        write(Path(folder, "bob.zip"), archive)
        taken = intake(folder)
    for submission in taken.submissions:
        for lesson in submission.lessons.values():
            if isinstance(lesson, Unreadable):
                assert lesson.reason.isprintable()
            else:
                assert "\r" not in "".join(lesson.cells).encode().decode()
    assert all(note.isprintable() for note in taken.notes)
    assert set(taken.submissions[0].lessons) == {"softmax", "dot_product"}
