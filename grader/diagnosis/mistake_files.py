"""The known mistakes of a lesson, as files of code that makes them.

A file ``tests/lessons/misconceptions/<lesson>/<id>.py`` is a wrong version of the lesson, see
:mod:`grader.diagnosis.version_files`. Students read its docstring, see
:mod:`grader.diagnosis.mistakes`. A file ``<id>__<anything>.py`` is other code with the same
mistake, and needs no docstring.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.course import Course, Lesson, read_text
from grader.diagnosis.mistakes import Mistake, parse_mistake
from grader.diagnosis.version_files import VersionFile, read_wrong_versions
from grader.errors import CourseError

#: Functions that are named after mistakes, with what students read of them as docstrings.
SHARED: Final = Path("tests", "lessons", "mistakes.py")


@dataclass(frozen=True, slots=True)
class MistakeWithFiles(Mistake):
    """A known mistake, with the files of code that makes it."""

    files: tuple[VersionFile, ...]  # the first is ``<id>.py``


def read_mistakes(course: Course, lesson: Lesson) -> tuple[MistakeWithFiles, ...]:
    """The known mistakes of a lesson that have files, by id; none if their folder is missing.

    Raises:
        CourseError: a file cannot be read, or a mistake lacks its sentence or hints; a line each.
    """
    files: dict[str, list[VersionFile]] = {}
    for file in read_wrong_versions(course, lesson):
        files.setdefault(file.mistake, []).append(file)
    mistakes: list[MistakeWithFiles] = []
    problems: list[str] = []
    for mistake_id, its_files in files.items():
        try:
            mistakes.append(_read_mistake(course, lesson, mistake_id, its_files))
        except CourseError as error:
            problems.append(str(error))
    if problems:
        raise CourseError("\n".join(problems))
    return tuple(mistakes)


def read_shared_mistakes(course: Course) -> dict[str, Mistake]:
    """What students read of mistakes that several lessons share, by id; see :attr:`SHARED`.

    Raises:
        CourseError: the file cannot be read, or a mistake lacks its sentence or hints.
    """
    path = course.root / SHARED
    if not path.is_file():
        return {}
    where = course.shown(path)
    try:
        body = ast.parse(read_text(path, where)).body
    except (SyntaxError, ValueError) as error:
        raise CourseError(f"{where}: does not compile ({error})") from None
    named = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
    return {
        mistake_id: parse_mistake(mistake_id, ast.get_docstring(node) or "", f"{where}: {name}")
        for name, node in named.items()
        if (mistake_id := name.replace("_", "-"))
    }


def _read_mistake(
    course: Course, lesson: Lesson, mistake_id: str, files: Sequence[VersionFile]
) -> MistakeWithFiles:
    where = course.shown(lesson.misconceptions / f"{mistake_id}.py")
    first, *others = sorted(files, key=lambda file: (file.is_other_coding, file.path))
    if first.is_other_coding:
        raise CourseError(
            f"{where}: is missing, but {course.shown(first.path)} is there as another version of it"
        )
    try:
        docstring = ast.get_docstring(ast.parse(first.text)) or ""
    except (SyntaxError, ValueError) as error:
        raise CourseError(f"{where}: does not compile ({error})") from None
    mistake = parse_mistake(mistake_id, docstring, where)
    return MistakeWithFiles(mistake.id, mistake.effect, mistake.hints, (first, *others))
