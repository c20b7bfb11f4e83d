"""The data files of lessons: they lie beside the solutions, and read-only beside students' code.

Lessons open them by their names in the working folder, ``np.load("tiny.npz")``, or from their own
file's folder, ``Path(__file__).parent``. So a copy of each lies beside the exercises, too.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from grader.course.lesson import Lesson
from grader.course.yaml_file import lesson_place, show
from grader.errors import CourseError

#: Bytes of all data files of a course: each process that grades has a copy of them.
MOST_BYTES: Final = 16 * 2**20
#: Names that only look like data.
_PROGRAMS: Final = (".py", ".pyc", ".so", ".pyd", ".ipynb")
_PICKLES: Final = (".pkl", ".pickle", ".joblib")


def data_problems(lessons: Sequence[Lesson]) -> Iterator[tuple[str, str]]:
    """What is wrong with the data files of a course, each with its place in course.yaml."""
    sizes: dict[Path, int] = {}
    for i, lesson in enumerate(lessons):
        for j, (name, path) in enumerate(lesson.data_files.items()):
            place = f"{lesson_place(i, lesson)}.data[{j}]"
            if why := _bad_name(name):
                yield place, f"{show(name)} {why}"
            elif why := _bad_file(path, len(PurePosixPath(name).parts)):
                yield place, f"{lesson.shown(path)} {why}"
            else:
                before = sum(sizes.values())
                sizes[path] = path.stat().st_size
                if before <= MOST_BYTES < sum(sizes.values()):
                    most = MOST_BYTES // 2**20
                    yield place, f"{show(name)} is too much: a course may have {most} MiB of data"


def read_data(lessons: Iterable[Lesson]) -> dict[str, bytes]:
    """The contents of the data files of lessons, by their paths from a lesson's file.

    Raises:
        CourseError: one cannot be read.
    """
    contents: dict[str, bytes] = {}
    for lesson in lessons:
        for name, path in lesson.data_files.items():
            try:
                contents[name] = path.read_bytes()
            except OSError as error:
                raise CourseError(
                    f"{lesson.shown(path)}: cannot be read ({error.strerror or error})"
                ) from None
    return contents


def has_content(path: Path, content: bytes) -> bool:
    """Whether a copy of a data file is there, and no link, with this content."""
    try:
        return not path.is_symlink() and path.read_bytes() == content
    except OSError:
        return False


def _bad_name(name: str) -> str | None:
    path = PurePosixPath(name)
    if path.is_absolute() or "\\" in name or str(path) != name:
        return "must be a path from the lesson's file, as in `numbers.npz` or `texts/one.txt`"
    if any(part.startswith(".") or not part.isprintable() for part in path.parts):
        return "must lie beside the lesson or below it, in no hidden folder"
    if path.suffix.lower() in _PROGRAMS:
        return "is a program; data files are read, not run"
    if path.suffix.lower() in _PICKLES:
        return "is a pickle, which runs code when it is read; save it as .npz, .csv or .json"
    return None


def _bad_file(path: Path, depth: int) -> str | None:
    """Why a file cannot be used; through a link, it might be anything."""
    try:
        mode = path.lstat().st_mode
        linked = any(place.is_symlink() for place in (path, *list(path.parents)[: depth - 1]))
    except OSError:
        return "is not there"
    if linked:
        return "is a link; put the file itself there"
    return None if stat.S_ISREG(mode) else "is no file"
