"""Which of a student's files is which lesson: the one nearest to the top, in whatever it lies."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import pytest
from places import REPOSITORY
from submitted_files import (
    CODE,
    KIB,
    LESSONS,
    NOTEBOOK,
    read_submissions,
    reason_of,
    students,
    write,
    zipped,
)

from grader.submissions import archives
from grader.submissions.intake import take_in_one
from grader.submissions.lesson_names import guess_lesson
from grader.submissions.submission import HandedIn, Misnamed, Source, Unreadable


def code_of(lesson: HandedIn) -> str:
    assert isinstance(lesson, Source), lesson
    return lesson.cells[0]


def folders(tmp_path: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        write(tmp_path / "c/ada" / name, text)
    return tmp_path / "c"


def zips(tmp_path: Path, files: Mapping[str, str]) -> Path:
    write(tmp_path / "c/ada.zip", zipped(*files.items()))
    return tmp_path / "c"


either_form = pytest.mark.parametrize("form", [folders, zips])
Form = Callable[[Path, Mapping[str, str]], Path]


@either_form
def test_of_two_candidates_the_shallower_counts_and_the_other_is_told(
    tmp_path: Path, form: Form
) -> None:
    place = form(tmp_path, {"a/b/softmax.py": "x = 1\n", "z/softmax.py": CODE})
    taken = read_submissions(place)
    lesson = taken.submissions[0].lessons["softmax"]
    assert code_of(lesson) == CODE
    assert isinstance(lesson, Source)
    assert lesson.note == "a/b/softmax.py is there, too, and did not count"
    assert "z/softmax.py counts for softmax; a/b/softmax.py is there" in taken.notes[0]
    assert taken.to_look_at == ()


@either_form
def test_one_lesson_on_top_does_not_hide_the_others_in_a_folder(tmp_path: Path, form: Form) -> None:
    place = form(tmp_path, {"softmax.py": CODE, "work/more/dot_product.py": "d = 1\n"})
    lessons = students(place)["ada"]
    assert list(lessons) == ["dot_product", "softmax"]
    assert code_of(lessons["dot_product"]) == "d = 1\n"


@either_form
@pytest.mark.parametrize(
    "folder",
    ["venv", "env", ".venv", "Env", "lib/site-packages", "__MACOSX", "node_modules", "__pycache__",
     ".ipynb_checkpoints", ".git"],
)  # fmt: skip
def test_folders_that_tools_make_are_never_looked_into(
    tmp_path: Path, form: Form, folder: str
) -> None:
    files = {f"{folder}/softmax.py": "x = 1\n", "deep/in/here/softmax.py": CODE}
    assert students(form(tmp_path, files))["ada"] == {
        "softmax": Source("softmax.py", (CODE,), notebook=False)
    }


@either_form
def test_two_files_at_one_depth_are_left_to_a_person_unless_they_are_equal(
    tmp_path: Path, form: Form
) -> None:
    files = {"a/softmax.py": CODE, "b/softmax.py": "x = 1\n"}
    files |= {"a/dot_product.py": CODE, "b/dot_product.py": CODE}
    taken = read_submissions(form(tmp_path, files))
    lessons = taken.submissions[0].lessons
    why = "the files differ: a/softmax.py, b/softmax.py; leave only the one that counts"
    assert why in reason_of(lessons["softmax"])
    assert code_of(lessons["dot_product"]) == CODE
    assert [why in sentence for sentence in taken.to_look_at] == [True]


def test_gradescope_and_the_classroom_search_the_same_way(tmp_path: Path) -> None:
    write(tmp_path / "submission/hw/softmax.py")
    write(tmp_path / "submission/all.zip", zipped(("x/dot_product.py", CODE)))
    submission = take_in_one(tmp_path / "submission", LESSONS, max_file_bytes=64 * KIB)
    assert list(submission.lessons) == ["dot_product", "softmax"]
    on_top = take_in_one(tmp_path / "submission", LESSONS, max_file_bytes=64 * KIB, deep=False)
    assert on_top.lessons == {}


# -- containers


def tarred(
    files: Mapping[str, str | bytes], form: Literal["w", "w:gz", "w:bz2", "w:xz"] = "w"
) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=form) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            data = content if isinstance(content, bytes) else content.encode()
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


LONG = "/".join(["a folder with quite a long name"] * 6)
IN_A_TAR = {"hw/softmax.py": CODE, f"{LONG}/dot_product.py": CODE}


@pytest.mark.parametrize("place", ["ada.{}", "ada/hw.{}", "ada/in/here/hw.{}"])
@pytest.mark.parametrize(
    ("ending", "data"),
    [
        ("tar", tarred(IN_A_TAR)),
        ("tar.gz", tarred(IN_A_TAR, "w:gz")),
        ("TGZ", tarred(IN_A_TAR, "w:gz")),
        ("tar.bz2", tarred(IN_A_TAR, "w:bz2")),
        ("tar.xz", tarred(IN_A_TAR, "w:xz")),
        ("zip", zipped(("inner.zip", zipped(*IN_A_TAR.items())))),
        ("zip", zipped(("inner.tar.gz", tarred(IN_A_TAR, "w:gz")))),
    ],
    ids=["tar", "tar.gz", "tgz", "tar.bz2", "tar.xz", "zip in zip", "tar in zip"],
)
def test_archives_of_every_usual_kind_are_simply_read(
    tmp_path: Path, place: str, ending: str, data: bytes
) -> None:
    write(tmp_path / "c" / place.format(ending), data)
    write(tmp_path / "c/ben/softmax.py")
    taken = read_submissions(tmp_path / "c")
    assert [submission.student for submission in taken.submissions] == ["ada", "ben"]
    assert list(taken.submissions[0].lessons) == ["dot_product", "softmax"]
    assert code_of(taken.submissions[0].lessons["softmax"]) == CODE
    assert taken.to_look_at == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [("softmax.py.txt", CODE), ("softmax.PY", CODE), ("softmax.ipynb.txt", NOTEBOOK),
     ("softmax.ipynb.json", NOTEBOOK), ("softmax.py.py", CODE), ("softmax.ipynb.ipynb", NOTEBOOK)],
)  # fmt: skip
def test_an_ending_behind_the_lessons_own_does_no_harm(
    tmp_path: Path, name: str, content: str
) -> None:
    write(tmp_path / "c/ada" / name, content)
    lesson = students(tmp_path / "c")["ada"]["softmax"]
    assert isinstance(lesson, Source)
    assert (lesson.filename, lesson.notebook) == (name, "ipynb" in name)


def test_the_lessons_own_ending_counts_before_another_behind_it(tmp_path: Path) -> None:
    write(tmp_path / "c/ada/softmax.py", age=60)
    write(tmp_path / "c/ada/softmax.py.txt", "x = 1\n")
    assert code_of(students(tmp_path / "c")["ada"]["softmax"]) == CODE


@pytest.mark.parametrize("ending", ["rar", "7z"])
def test_an_archive_that_cannot_be_opened_is_told_and_nobody_is_gone(
    tmp_path: Path, ending: str
) -> None:
    write(tmp_path / f"c/ada.{ending}", b"some bytes")
    write(tmp_path / f"c/ben/hw.{ending}", b"some bytes")
    write(tmp_path / "c/ben/softmax.py")
    taken = read_submissions(tmp_path / "c")
    ada, ben = (submission.lessons for submission in taken.submissions)
    why = "cannot be opened here; hand in the files themselves, or a .zip of them"
    assert set(ada.values()) == {Unreadable(f"ada.{ending} {why}")}
    assert isinstance(ben["softmax"], Source)
    assert ben["dot_product"] == Misnamed(f"hw.{ending} {why}")
    assert taken.to_look_at == (f"ben: hw.{ending} {why}",)


# -- containers that are traps


@pytest.mark.slow
def test_a_tar_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "c/ada.tar.gz", gzip.compress(bytes(archives.MAX_UNPACKED_BYTES + 2**20), 1))
    why = reason_of(students(tmp_path / "c")["ada"]["softmax"])
    assert "add up to more than 131072 KiB" in why


def test_what_lies_in_archives_in_archives_is_counted_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 1_000)
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("softmax.py", "#" * 600)
    write(tmp_path / "c/ada.zip", zipped(("inner.zip", stored.getvalue())))
    why = "softmax.py is too large: the files in ada.zip add up to more than 1000 bytes"
    assert reason_of(students(tmp_path / "c")["ada"]["softmax"]) == why


def test_archives_may_not_lie_in_one_another_without_end(tmp_path: Path) -> None:
    data = zipped(("softmax.py", CODE))
    for _ in range(6):
        data = zipped(("again.zip", data))
    write(tmp_path / "c/ada.zip", data)
    taken = read_submissions(tmp_path / "c")
    assert isinstance(taken.submissions[0].lessons["softmax"], Misnamed)
    assert "lies in too many other archives" in taken.to_look_at[0]


@pytest.mark.parametrize("at", [0, 100, 124, 148, 156, 257, 600])
def test_a_damaged_tar_is_read_or_refused(tmp_path: Path, at: int) -> None:
    data = bytearray(tarred({"softmax.py": CODE, "dot_product.py": CODE}))
    data[at : at + 8] = b"\xff-1\x00 9z\xff"
    write(tmp_path / "c/ada.tar", bytes(data))
    assert students(tmp_path / "c")["ada"]


def test_a_link_in_a_tar_costs_that_lesson_only(tmp_path: Path) -> None:
    buffer = io.BytesIO(tarred({"dot_product.py": CODE}))
    with tarfile.open(fileobj=buffer, mode="a") as archive:
        info = tarfile.TarInfo("softmax.py")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)
        archive.addfile(tarfile.TarInfo("../attention_matrix.py"))
    write(tmp_path / "c/ada.tar", buffer.getvalue())
    lessons = students(tmp_path / "c")["ada"]
    assert code_of(lessons["dot_product"]) == CODE
    assert "is a symbolic link" in reason_of(lessons["softmax"])
    assert "unsafe path" in reason_of(lessons["attention_matrix"])


def test_a_folder_of_thousands_of_tools_files_does_not_make_an_archive_too_large(
    tmp_path: Path,
) -> None:
    clutter = [(f"venv/lib/{number}.py", "") for number in range(1_200)]
    write(tmp_path / "c/ada.zip", zipped(("softmax.py", CODE), *clutter))
    assert code_of(students(tmp_path / "c")["ada"]["softmax"]) == CODE


# -- names that cost time


@pytest.mark.parametrize("blanks", [65_000, 10_000_000])
def test_a_name_is_cut_before_anything_is_matched(blanks: int) -> None:
    assert guess_lesson(" " * blanks + "(x.py", LESSONS).lessons == ()
    assert guess_lesson("softmax" + " " * blanks + "(1).py", LESSONS).lessons == ("softmax",)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="limits CPU time as POSIX does")
def test_no_pattern_over_others_texts_takes_more_than_linear_time() -> None:
    script = REPOSITORY / "tests/support/pattern_costs.py"
    line = [sys.executable, str(script)]
    process = subprocess.run(line, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout[-200:] + process.stderr[-500:]
    assert process.stdout.endswith("all are done\n")
