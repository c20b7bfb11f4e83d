"""Things that are no files in a lesson's or student's place cost that place only."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from submitted_files import (
    CODE,
    KIB,
    LESSONS,
    make_special_file,
    read_submissions,
    reason_of,
    students,
    write,
)

from grader.errors import GraderError
from grader.submissions.submission import Source, Unreadable

# -- hostile folders


KINDS = ["a symbolic link", "a folder", "a named pipe", "a socket"]
needs_posix = pytest.mark.skipif(os.name == "nt", reason="needs pipes and links")


@needs_posix
@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("filename", ["softmax.py", "softmax.ipynb"])
def test_an_irregular_file_costs_that_lesson_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, filename: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "ada/dot_product.py")
    make_special_file(kind, tmp_path / "ada" / filename)
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
    make_special_file(kind, tmp_path / entry)
    taken = read_submissions(tmp_path)
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
def test_a_file_replaced_between_look_and_open_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path = write(tmp_path / "c/ada/softmax.py")
    real_open = os.open

    def swap_then_open(name: str, flags: int, *, dir_fd: int | None = None) -> int:
        if name == "softmax.py":
            path.unlink()
            make_special_file(kind, path)
        return real_open(name, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", swap_then_open)
    lesson = students(tmp_path / "c")["ada"]["softmax"]
    assert isinstance(lesson, Unreadable)
    assert "symbolic link" in lesson.reason or "changed while it was read" in lesson.reason


@needs_posix
def test_a_folder_replaced_by_a_link_is_not_followed(
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
def test_a_forbidden_file_is_unreadable(tmp_path: Path) -> None:
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
        read_submissions(tmp_path / "c")


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
    read_submissions(tmp_path)
    assert set(Path("/proc/self/fd").iterdir()) == before


@needs_posix
@given(st.lists(st.sampled_from(["unlink", "link", "pipe", "folder", "grow", "cut"]), min_size=1))
def test_a_file_that_changes_at_any_moment_is_read_or_refused(changes: list[str]) -> None:
    """Each system call of the intake on the file finds it changed once more."""
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        path = Path(place, "class/ada/softmax.py")
        write(path)
        left = list(reversed(changes))

        def changed(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*arguments: Any, **named: Any) -> Any:
                if left and str(arguments[0]).endswith("softmax.py"):
                    how, rest = left.pop(), left[:]
                    left.clear()  # the change itself is made in peace
                    change(path, how)
                    left.extend(rest)
                return real(*arguments, **named)

            return call

        for name in ("open", "stat"):
            patch.setattr(os, name, changed(getattr(os, name)))
        lesson = students(Path(place, "class"))["ada"].get("softmax")
    assert lesson is None or isinstance(lesson, Source | Unreadable)
    assert "root:" not in str(lesson)


def change(path: Path, how: str) -> None:
    """Put something else in the file's place, or something else into the file."""
    if not how:
        return
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
    if how == "link":
        path.symlink_to("/etc/passwd")
    elif how == "pipe":
        os.mkfifo(path)
    elif how == "folder":
        path.mkdir()
    elif how != "unlink":
        path.write_text(CODE * 1000 if how == "grow" else "")


def test_the_size_of_a_file_is_that_of_its_text_in_utf_8(tmp_path: Path) -> None:
    euros = "#" + "€" * (40 * KIB)
    declared = f"# coding: cp1252\n{euros}\n"
    write(tmp_path / "c/ada/softmax.py", declared.encode("cp1252"))
    write(tmp_path / "c/ada/dot_product.py", f"# {'x' * (20 * KIB)}\n".encode("utf-16"))
    taken = students(tmp_path / "c")["ada"]
    assert reason_of(taken["softmax"]) == "softmax.py is larger than 64 KiB in UTF-8"
    assert isinstance(taken["dot_product"], Source)
