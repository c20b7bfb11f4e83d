"""Writes a draft as the folder of a course."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import yaml

from grader.course.settings import Limits
from grader.course.yaml_file import COURSE_FILE
from grader.errors import GraderError
from grader.importing.cell_names import imported_in
from grader.importing.check_files import check_file
from grader.importing.draft import Draft, DraftLesson
from grader.importing.notebook_lessons import identifier, unique
from grader.sandbox.dependencies import distributions_of

_HEAD: Final = """\
# Made by `{made_by}` of {kind}. Titles, points and hints are yours to change.
# With `imported: true`, `grader verify` gives advice where checks are weak, and no error. Take the
# line out when they are as sharp as you want them.
"""


#: A student's program may take so many times as long as the solution.
_TIMES_AS_LONG: Final = 4


def write_course(folder: Path, draft: Draft, lessons: Iterable[DraftLesson]) -> None:
    """Write course.yaml, solutions, checks and data files of some lessons of a draft.

    Raises:
        GraderError: a file cannot be written.
    """
    lessons = list(lessons)
    about: dict[str, Any] = {"id": _slug(draft.title), "title": draft.title, "imported": True}
    if draft.stop_cell_at_error:
        about["stop_cell_at_error"] = True
    if packages := packages_of(lessons):
        about["packages"] = packages
    if limits := _limits(lessons):
        about["limits"] = limits
    taken: set[str] = set()  # a script belongs to one lesson; later ones import it, too
    about["lessons"] = [_entry(lesson, taken) for lesson in lessons]
    if parts := _parts(lessons):
        about["parts"] = parts
    text = yaml.safe_dump(about, sort_keys=False, allow_unicode=True, width=100)
    files = {
        COURSE_FILE: f"{_HEAD.format(made_by=draft.made_by, kind=draft.kind)}\n{text}".encode()
    }
    for lesson in lessons:
        files |= _files_of(lesson)
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise GraderError(f"{path}: cannot be written ({error.strerror})") from None


def _limits(lessons: list[DraftLesson]) -> dict[str, int]:
    """The limits of a course with solutions that take long; none if the usual ones will do."""
    slowest = max((lesson.seconds for lesson in lessons), default=0.0)
    usual = Limits()
    if slowest <= usual.cpu_seconds_per_call / 2:
        return {}
    seconds = math.ceil(slowest * _TIMES_AS_LONG)
    runs = 2 + max(len(lesson.checks) for lesson in lessons)  # each check may need one of its own
    return {
        "cpu_seconds_per_call": seconds,
        "wall_seconds_per_call": 4 * seconds,
        "seconds_per_lesson": runs * seconds,
    }


def packages_of(lessons: Iterable[DraftLesson]) -> list[str]:
    """What the lessons import beside Python's own library and each other."""
    lessons = list(lessons)
    names = {
        name
        for lesson in lessons
        for text in (lesson.solution, *(content.decode() for content in lesson.modules.values()))
        for name in imported_in(text)
    }
    own = {lesson.id for lesson in lessons}
    own |= {
        name.partition("/")[0].removesuffix(".py") for lesson in lessons for name in lesson.modules
    }
    return sorted(names - own - sys.stdlib_module_names - {"numpy"})


def not_installed(packages: Iterable[str]) -> list[str]:
    """Those of these packages that are not on this machine."""
    return [name for name in packages if not distributions_of(name)]


def _entry(lesson: DraftLesson, taken: set[str]) -> dict[str, Any]:
    points = int(lesson.points) if lesson.points == int(lesson.points) else lesson.points
    entry: dict[str, Any] = {"id": lesson.id, "title": lesson.title, "points": points}
    if lesson.data:
        entry["data"] = sorted(lesson.data)
    if files := {name.partition("/")[0] for name in lesson.modules} - taken:
        entry["files"] = sorted(files)
        taken |= files
    if lesson.written:
        entry["written"] = lesson.written
    return entry


def _parts(lessons: list[DraftLesson]) -> list[dict[str, Any]]:
    """The assignments of the source, if it has several."""
    by_part: dict[str, list[str]] = {}
    for lesson in lessons:
        by_part.setdefault(lesson.part, []).append(lesson.id)
    if len(by_part) < 2:
        return []
    taken: set[str] = set()
    parts = []
    for name, ids in by_part.items():
        part = unique(identifier(name, "part"), taken)
        taken.add(part)
        parts.append({"id": part, "title": name, "lessons": ids})
    return parts


def _files_of(lesson: DraftLesson) -> dict[str, bytes]:
    files = {f"solutions/{lesson.id}.py": lesson.solution.encode()}
    beside = {**lesson.data, **lesson.modules}
    files |= {f"solutions/{name}": content for name, content in beside.items()}
    for kind in ("visible", "hidden"):
        text = check_file(lesson, hidden=kind == "hidden")
        if kind == "visible" and lesson.suite:
            text = lesson.suite
        if text is not None:
            files[f"tests/lessons/{kind}/test_{lesson.id}.py"] = text.encode()
    return files


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "course"
