"""A course on its way to another machine: the files that grading reads, and their hash."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from grader.course import COURSE_FILE, Course
from grader.errors import CourseError, GraderError

#: Beside course.yaml: the solutions, their data files and checks. See `lesson_fingerprints`.
_FOLDERS = ("solutions", "tests/lessons")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A packed course."""

    digest: str  # SHA-256 of the content, in hex
    content: bytes  # MessagePack: paths from the course's folder → bytes

    @classmethod
    def pack(cls, course: Course) -> Self:
        """Read all files that grading may need.

        Raises:
            CourseError: one cannot be read.
        """
        files: dict[str, bytes] = {}
        for path in _files_of(course):
            try:
                files[course.shown(path)] = path.read_bytes()
            except OSError as error:
                raise CourseError(
                    f"{course.shown(path)} cannot be read: {error.strerror or error}"
                ) from error
        content = msgspec.msgpack.encode(files)
        return cls(hashlib.sha256(content).hexdigest(), content)

    def unpack(self, folder: Path) -> Path:
        """Write the course into a new folder within this one; only its owner can read it.

        Raises:
            GraderError: what has arrived is not what was sent, or it cannot be written.
        """
        if hashlib.sha256(self.content).hexdigest() != self.digest:
            raise GraderError("the course arrived damaged")
        files = msgspec.msgpack.decode(self.content, type=dict[str, bytes])
        root: Path | None = None
        try:
            root = Path(tempfile.mkdtemp(prefix=f"course-{self.digest[:12]}-", dir=folder))
            for name, content in files.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        except OSError as error:
            if root is not None:
                shutil.rmtree(root, ignore_errors=True)
            raise GraderError(
                f"the course cannot be written to {folder} ({error.strerror or error})"
            ) from error
        return root


def _files_of(course: Course) -> Iterator[Path]:
    yield course.root / COURSE_FILE
    for name in _FOLDERS:
        for path in sorted((course.root / name).rglob("*")):
            if "__pycache__" not in path.parts and path.is_file():
                yield path
