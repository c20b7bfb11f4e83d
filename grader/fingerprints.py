"""What a lesson's result depends on, as a hash: equal hashes, equal results.

Too much in it costs only time; something left out would give a student an outdated mark. So a
lesson depends on all lessons before it, whether it imports them or not, and on all of the grader.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

import msgspec

import grader
from grader.course import Course, Lesson
from grader.errors import CourseError
from grader.intake import Submission

#: Packages that decide how a check ends, beside those that the course names.
_PACKAGES: Final = ("numpy", "pytest")


class Fingerprints:
    """The fingerprints of a course's lessons, for one student after the other."""

    def __init__(self, course: Course, isolation: str) -> None:
        """Read what the course's side of every result depends on.

        Args:
            course: whose files are read.
            isolation: the level in force.

        Raises:
            CourseError: a file of the course cannot be read.
        """
        everywhere = _digest(
            [
                repr((isolation, course.packages, course.limits)).encode(),
                *_of_the_grader(),
                *_of_packages({*_PACKAGES, *course.packages}),
                *_of_files(course, _shared_files(course)),
            ]
        )
        self._course: dict[str, bytes] = {}
        before = everywhere
        for lesson in course.lessons:
            # A solution may import the solutions before it, and what a mistake in an earlier
            # lesson brought about in this one is told by the earlier lesson's checks.
            entry = repr({**msgspec.structs.asdict(lesson), "root": None}).encode()
            files = [lesson.solution, *_own_files(lesson)]
            before = _digest([before, entry, *_of_files(course, files)])
            self._course[lesson.id] = before

    @property
    def lessons(self) -> tuple[str, ...]:
        """The ids of the course's lessons, in order."""
        return tuple(self._course)

    def of(self, submission: Submission) -> dict[str, bytes]:
        """The fingerprint of each lesson of the course, handed in or not."""
        found: dict[str, bytes] = {}
        sources = hashlib.sha256()
        for lesson, course in self._course.items():
            # A record's repr tells all its fields apart, and what kind of record it is.
            text = repr((lesson, submission.lessons.get(lesson))).encode("utf-8", "surrogatepass")
            sources.update(hashlib.sha256(text).digest())
            found[lesson] = _digest([course, sources.digest()])
        return found


def _of_the_grader() -> Iterator[bytes]:
    """The grader's own source: its version alone would not tell an edit."""
    yield grader.__version__.encode()
    root = Path(grader.__file__).parent
    for path in sorted(root.rglob("*.py")):
        yield path.relative_to(root).as_posix().encode()
        yield path.read_bytes()


def _of_packages(names: Iterable[str]) -> Iterator[bytes]:
    yield platform.python_version().encode()
    for name in sorted(names):
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:  # installed under another name than it is imported by
            version = ""
        yield f"{name} {version}".encode()


def _shared_files(course: Course) -> list[Path]:
    """What all checks may use: a conftest.py, say, or a table of numbers."""
    folder = course.root / "tests" / "lessons"
    of_lessons = {path for lesson in course.lessons for path in _own_files(lesson)}
    apart = {folder / "misconceptions", folder / "accepted", folder / "probes"}
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path not in of_lessons
        and "__pycache__" not in path.parts
        and apart.isdisjoint(path.parents)
    ]


def _own_files(lesson: Lesson) -> list[Path]:
    """What decides a lesson's checks and its diagnosis, beside the solutions."""
    files = [*lesson.check_files, *sorted(lesson.misconceptions.rglob("*.py"))]
    return [*files, *([lesson.probes] if lesson.probes.is_file() else [])]


def _of_files(course: Course, paths: Iterable[Path]) -> Iterator[bytes]:
    for path in paths:
        yield course.shown(path).encode("utf-8", "surrogateescape")
        try:
            yield path.read_bytes()
        except OSError as error:
            raise CourseError(
                f"{course.shown(path)} cannot be read: {error.strerror or error}"
            ) from error


def _digest(parts: Iterable[bytes]) -> bytes:
    """A hash of the parts that tells where each ends."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.digest()
