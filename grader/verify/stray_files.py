"""Finds files that belong to no lesson. A check in a file with a misspelt name would never run."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from grader.course import Course
from grader.diagnosis.mistake_files import SHARED
from grader.verify.equivalents import EQUIVALENTS_FILE

#: The name of a wrong version: words with hyphens, and perhaps `__` and the name of a coding.
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:__[a-z0-9]+(?:[-_][a-z0-9]+)*)?")


def stray_files(course: Course) -> Iterator[str]:
    """A sentence for each file that no lesson uses, with what to do about it."""
    ids = course.lesson_ids
    tests = course.root / "tests" / "lessons"
    folders = (
        "visible", "hidden", "drawings", "probes", "misconceptions", "variants", "evidence",
        "accepted",
    )  # fmt: skip
    beside = [name for lesson in course.lessons for name in (*lesson.data, *lesson.files)]
    named = [Path(name).parts[0] for name in beside]
    places: list[tuple[Path, Collection[str]]] = [
        (course.root / "solutions", [*(f"{name}.py" for name in ids), *named]),
        (course.root / "exercises", [*(f"{name}.py" for name in ids), *named]),
        (tests, [*folders, EQUIVALENTS_FILE.name, SHARED.name, "conftest.py"]),
        (tests / "visible", [*(f"test_{name}.py" for name in ids), "conftest.py"]),
        (tests / "hidden", [*(f"test_{name}.py" for name in ids), "conftest.py"]),
        (tests / "drawings", [f"{name}.py" for name in ids]),
        (tests / "probes", [f"{name}.py" for name in ids]),
        (tests / "variants", [f"{name}.py" for name in ids]),
        (tests / "evidence", [f"{name}.py" for name in ids]),
        (tests / "misconceptions", ids),
        (tests / "accepted", ids),
    ]
    for folder, names in places:
        for path in _entries(folder):
            if path.name not in names:
                yield f"{course.shown(path)}: belongs to no lesson{_remedy(path.name, names)}"
    for lesson in course.lessons:
        for path in _entries(lesson.accepted):
            if path.suffix != ".py":
                yield f"{course.shown(path)}: is no version of the lesson; delete it"
        yield from _misnamed(course, lesson.misconceptions)


def _misnamed(course: Course, folder: Path) -> Iterator[str]:
    """A sentence for each wrong version whose name is not that of a mistake."""
    for path in _entries(folder):
        if path.suffix != ".py":
            yield f"{course.shown(path)}: is no version of the lesson; delete it"
        elif not _NAME.fullmatch(path.stem):
            mistake, variant, rest = path.stem.partition("__")
            better = mistake.replace("_", "-") + variant + rest
            remedy = (
                f"write `-` for `_`: `{better}.py`"
                if _NAME.fullmatch(better)
                else "call it `some-id.py`, or `some-id__variant.py`"
            )
            yield f"{course.shown(path)}: is called like no misconception; {remedy}"


def _entries(folder: Path) -> Iterator[Path]:
    """The contents of a folder, by name, without hidden files and caches."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if not path.name.startswith((".", "__pycache__")):
                yield path


def _remedy(name: str, names: Collection[str]) -> str:
    close = difflib.get_close_matches(name, names, n=1)
    return f"; rename it to `{close[0]}`, or delete it" if close else "; delete it, or rename it"
