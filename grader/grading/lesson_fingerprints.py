"""Hashes of all that a lesson's result depends on: while the hash is the same, so is the result.

The hash covers

* all modules of the grader that grading imports, directly or not, and all of the sandbox;
* every file below tests/lessons/ and solutions/, except those of other lessons; the data files of
  all lessons, because any lesson can open them;
* the other lessons that the student's file or our solution can import, see
  :mod:`grader.submissions.imports`.

It does not cover files elsewhere that a check reads; docs/authoring.md tells authors so. Nor does
it cover which of the imported lessons lost marks, because only grading finds that out. This list
is stored beside the result, see :class:`grader.grading.store.StoredResult`.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

import msgspec

from grader import fingerprints
from grader.course import COURSE_FILE, Course, Lesson
from grader.course.module_files import FurtherModules
from grader.errors import CourseError
from grader.fingerprints import hash_parts
from grader.submissions.imports import closure, imports_of, named_imports
from grader.submissions.submission import HandedIn, Submission

#: These modules, with all that they import, decide a result and whether it is valid.
_GRADING: Final = ("grader.grading.grading_process", "grader.grading.grading_run")

#: Packages that decide how a check ends, in addition to those that the course names.
PACKAGES: Final = ("numpy", "pytest")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The fingerprint of one student's lesson."""

    digest: bytes
    imported: tuple[str, ...]  # the student's earlier lessons that it can import


class LessonFingerprints:
    """The fingerprints of a course's lessons, for one student after the other."""

    def __init__(self, course: Course) -> None:
        """Read all that results depend on, apart from the students' files.

        Raises:
            CourseError: a file of the course cannot be read.
        """
        self.lessons = course.lesson_ids
        self._settings = _Files(course, [course.root / COURSE_FILE]).digest
        read = {lesson.id: _Files(course, _own_files(lesson)) for lesson in course.lessons}
        solutions = {
            lesson.id: _Files(course, [lesson.reference, *lesson.modules.values()])
            for lesson in course.lessons
        }
        imported = {
            lesson: _named_lessons(course, solutions[lesson].text + read[lesson].text)
            for lesson in self.lessons
        }
        # Each solution, with the solutions that it imports.
        self._solutions = {
            lesson: hash_parts(
                solutions[name].digest
                for name in self.lessons
                if name == lesson or name in closure([lesson], imported)
            )
            for lesson in self.lessons
        }
        shared = _Files(course, _shared_files(course))
        helpers = fingerprints.find_imports(
            "\n".join(source.text for source in (shared, *read.values()))
        )
        everywhere = hash_parts(
            [
                repr((course.packages, course.limits, course.stop_cell_at_error)).encode(),
                fingerprints.hash_sources(
                    fingerprints.find_sources((*grading_modules(), *helpers))
                ),
                *_of_packages({*PACKAGES, *course.packages}),
                shared.digest,
            ]
        )
        self._course = {
            lesson.id: hash_parts(
                [
                    everywhere,
                    repr({**msgspec.structs.asdict(lesson), "root": None, "minutes": 0}).encode(),
                    read[lesson.id].digest,
                    self._solutions[lesson.id],
                ]
            )
            for lesson in course.lessons
        }

    @property
    def course(self) -> bytes:
        """The fingerprint of all lessons' checks and solutions, and of course.yaml."""
        return hash_parts([self._settings, *self._course.values()])

    def compute(self, submission: Submission) -> dict[str, Fingerprint]:
        """The fingerprint of each lesson of the course, handed in or not."""
        imported = imports_of(submission.lessons, self.lessons)
        handed_in = {
            lesson: _digest_of(lesson, submission.lessons.get(lesson)) for lesson in self.lessons
        }
        result: dict[str, Fingerprint] = {}
        for lesson in self.lessons:
            names = imported[lesson]
            ours = [self._solutions[name] for name in names]  # follow-through serves their values
            theirs = [handed_in[name] for name in (*names, lesson)]
            digest = hash_parts([self._course[lesson], *ours, *theirs])
            result[lesson] = Fingerprint(digest, names)
        return result


def _named_lessons(course: Course, text: str) -> frozenset[str]:
    """The lessons that a program may import, or a further module of theirs."""
    owners = {name: lesson.id for lesson in course.lessons for name in FurtherModules(lesson).names}
    named = named_imports(text, {*course.lesson_ids, *owners})
    return frozenset(owners.get(name, name) for name in named)


class _Files:
    """The contents of some files of a course."""

    def __init__(self, course: Course, paths: Iterable[Path]) -> None:
        parts: list[bytes] = []
        texts: list[str] = []
        for path in paths:
            parts.append(course.shown(path).encode("utf-8", "surrogateescape"))
            try:
                parts.append(path.read_bytes())
            except OSError as error:
                raise CourseError(
                    f"{course.shown(path)} cannot be read: {error.strerror or error}"
                ) from error
            if path.suffix == ".py":
                texts.append(parts[-1].decode("utf-8", "replace"))
        self.digest = hash_parts(parts)
        self.text = "\n".join(texts)  # of programs alone


def grading_modules() -> list[str]:
    """The modules with which grading starts, in this process and in those that it starts."""
    return [*_GRADING, *fingerprints.list_modules("grader.sandbox")]


def _digest_of(lesson: str, handed_in: HandedIn | None) -> bytes:
    """A digest of the record's type and of all its fields."""
    kind = type(handed_in).__name__
    return hashlib.sha256(msgspec.msgpack.encode((lesson, kind, handed_in))).digest()


def version_of(package: str) -> str:
    """The version of a package that is installed here; empty if no package has this name."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # installed under another name than it is imported by
        return ""


def _of_packages(names: Iterable[str]) -> Iterator[bytes]:
    yield platform.python_version().encode()
    for name in sorted(names):
        yield f"{name} {version_of(name)}".encode()


def _shared_files(course: Course) -> list[Path]:
    """The files that all checks and solutions may use: a conftest.py, or a table of numbers."""
    folder = course.root / "tests" / "lessons"
    of_lessons = {path for lesson in course.lessons for path in _own_files(lesson)}
    for lesson in course.lessons:
        of_lessons.update([lesson.solution, *lesson.modules.values()])
    files = [*_files_below(folder), *_files_below(course.root / "solutions")]
    data = [path for lesson in course.lessons for path in lesson.data_files.values()]
    return [path for path in dict.fromkeys([*files, *data]) if path not in of_lessons]


def _own_files(lesson: Lesson) -> list[Path]:
    """The files of a lesson's checks and of its diagnosis, without its solution."""
    files = [*lesson.check_files, *_files_below(lesson.misconceptions)]
    files += _files_below(lesson.accepted)  # follow-through records their calls, too
    return [
        *files,
        *(path for path in (lesson.variants, lesson.evidence, lesson.probes) if path.is_file()),
    ]


def _files_below(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*"))
        if "__pycache__" not in path.parts and path.is_file()
    ]
