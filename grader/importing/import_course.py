"""The import as a whole: recognises a source, drafts a course, tries its checks, writes it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.build import build
from grader.course import Course
from grader.errors import GraderError
from grader.importing import nbgrader_source, otter_assignment, suite_folder
from grader.importing.course_folder import not_installed, packages_of, write_course
from grader.importing.draft import Draft, DraftLesson, LeftOver
from grader.importing.trial import try_lesson
from grader.text import clean
from grader.text.wording import list_some


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made, and what it could not take over."""

    course: Course
    kind: str  # of source, in words
    checks: int  # that came over
    inside: tuple[str, ...]  # the cells of those that run beside the student's code
    left_over: tuple[LeftOver, ...]


def import_course(
    source: Path, folder: Path, tried: Callable[[int, int], None] = lambda done, all_: None
) -> Imported:
    """Make a course of a source, in a new folder.

    Args:
        source: a folder, or an Otter notebook.
        folder: of the course; it must not exist, or be empty.
        tried: called with how many lessons are tried on their solutions, and how many there are.

    Raises:
        GraderError: the source is of no known kind, or nothing of it can be graded.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise GraderError(f"{folder} is there already; name a new folder")
    importlib.invalidate_caches()
    draft = read_source(source)
    lessons = try_lessons(draft, tried)
    if not lessons:
        reasons = "\n".join(f"{where}: {reason}" for where, reason in draft.left_over)
        raise GraderError(f"nothing in {source} can be graded here\n{reasons}".rstrip())
    write_course(folder, draft, lessons)
    course = Course.load(folder)
    build(course)
    inside = [check.where for lesson in lessons for check in lesson.checks if check.inside]
    return Imported(
        course,
        draft.kind,
        sum(lesson.count for lesson in lessons),
        tuple(dict.fromkeys(inside)),
        tuple(
            LeftOver(clean(where), clean(reason, limit=500)) for where, reason in draft.left_over
        ),
    )


def try_lessons(draft: Draft, tried: Callable[[int, int], None]) -> list[DraftLesson]:
    """The lessons of which something can be graded; each check is tried on the solution.

    Args:
        draft: its checks are settled, and it gets what is left over.
        tried: called with how many lessons are tried, and how many there are.
    """
    lessons = []
    for number, lesson in enumerate(draft.lessons):
        tried(number, len(draft.lessons))
        if try_lesson(draft, lesson):
            lessons.append(lesson)
    tried(len(draft.lessons), len(draft.lessons))
    lessons = list(_without_clashes(draft, lessons))
    if missing := not_installed(packages_of(draft.lessons)):
        step = f"install what lessons import and this machine lacks: {', '.join(missing)}"
        draft.left_over.append(LeftOver("packages", step))
    return lessons


def _without_clashes(draft: Draft, lessons: Iterable[DraftLesson]) -> Iterator[DraftLesson]:
    """The lessons without those whose files another lesson has in another version."""
    files: dict[str, bytes] = {}
    for lesson in lessons:
        own = {**lesson.data, **lesson.modules}
        if clash := [name for name, content in own.items() if files.get(name, content) != content]:
            reason = f"an earlier notebook has another {list_some(clash)}: rename one of the two"
            draft.left_over.append(LeftOver(lesson.where, reason))
            continue
        files |= own
        yield lesson


def read_source(source: Path) -> Draft:
    """Draft a course, by the first reader that knows the source.

    Raises:
        GraderError: none does.
    """
    if notebooks := nbgrader_source.find_notebooks(source):
        return nbgrader_source.read_course(source, notebooks)
    if assignments := otter_assignment.find_assignments(source):
        return otter_assignment.read_course(source, assignments)
    if exercises := suite_folder.find_exercises(source):
        return suite_folder.read_course(source, exercises)
    raise GraderError(
        f"{source} is nothing that can be imported. It may be an nbgrader course (a folder with "
        "source/ASSIGNMENT/*.ipynb), an Otter assignment (a notebook with `BEGIN QUESTION`, or one "
        "beside tests/*.py), or a folder with solutions and test files"
    )
