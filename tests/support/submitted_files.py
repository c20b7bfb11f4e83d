"""Folders and archives as students hand them in, for the tests of the intake."""

from __future__ import annotations

import io
import json
import os
import socket
import struct
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from grader.submissions.intake import take_in
from grader.submissions.submission import HandedIn, Submission, Unreadable

LESSONS = ("dot_product", "softmax", "attention_matrix")
KIB = 1024
CODE = "def softmax(scores):\n    return scores\n"
Member = tuple[str | zipfile.ZipInfo, str | bytes]
NOTEBOOK = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}]})


class IntakeResult(NamedTuple):
    """A submissions folder, read to the end."""

    submissions: tuple[Submission, ...]
    notes: tuple[str, ...]
    to_look_at: tuple[str, ...] = ()


def read_submissions(path: Path | str) -> IntakeResult:
    taken = take_in(Path(path), LESSONS, max_file_bytes=64 * KIB)
    submissions = tuple(taken)
    assert tuple(it.student for it in submissions) == taken.students
    return IntakeResult(submissions, tuple(taken.remarks.notes), tuple(taken.remarks.to_look_at))


def students(path: Path | str) -> dict[str, Mapping[str, HandedIn]]:
    return {
        submission.student: submission.lessons for submission in read_submissions(path).submissions
    }


def reason_of(lesson: HandedIn) -> str:
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


def tamper(data: bytes, field: str, value: int, *, entry: int = 0) -> bytes:
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


def make_special_file(kind: str, path: Path) -> Path:
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
