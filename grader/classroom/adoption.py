"""Adopts an assignment of an instructor's own nbgrader course: its test cells become checks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from nbgrader.api import MissingEntry
from nbgrader.coursedir import CourseDirectory

from grader.classroom.adopted import (
    AdoptedAssignment,
    AdoptedCell,
    AdoptedNotebook,
    adopted_folder,
)
from grader.classroom.gradebooks import has_gradebook, open_gradebook
from grader.classroom.source_notebooks import put_aside
from grader.course import Course
from grader.errors import GraderError
from grader.importing.cell_places import PlacedCell, place_cells
from grader.importing.course_folder import write_course
from grader.importing.draft import Draft, DraftLesson, LeftOver
from grader.importing.import_course import try_lessons
from grader.importing.nbgrader_source import mark_of, read_course
from grader.importing.source_files import read_source
from grader.importing.trial import prove
from grader.submissions.notebooks import read_cells, text_of
from grader.text import clean

#: Of code that a person marks.
_SHOWN: Final = (
    "a person marks this code, and sees it without what it puts out: no kernel runs it, unless "
    "a test cell of its notebook stays in one"
)


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was made of an assignment."""

    assignment: AdoptedAssignment
    course: Course | None  # None if all its cells stay
    left_over: tuple[LeftOver, ...]  # what else did not come over: a file, a statement


def adopt(
    directory: CourseDirectory,
    assignment: str,
    folder: Path,
    tried: Callable[[int, int], None] = lambda done, all_: None,
) -> Adoption:
    """Make a course of an assignment's test cells. The source stays as it is.

    Args:
        directory: of the classroom.
        assignment: its name.
        folder: of the new course: one that is not there, or empty.
        tried: called with how many notebooks were tried on their solutions, and how many there are.

    Raises:
        GraderError: there is no such assignment, or it has no test cells.
    """
    source = Path(directory.format_path(directory.source_directory, ".", assignment))
    paths = sorted(source.glob("*.ipynb"))
    if not paths:
        raise GraderError(f"{clean(str(source))} holds no notebooks; name an assignment of source/")
    texts = _generated_texts(directory, assignment)
    draft = read_course(source, [(assignment, path) for path in paths], texts=texts)
    draft.title, draft.made_by = assignment, "grader classroom adopt"
    if not draft.cells:
        raise GraderError(f"`{clean(assignment)}` has no test cells: people mark all of it")
    for lesson in draft.lessons:
        lesson.written = []  # in formgrader, as ever
        lesson.keeps_tests = True
    lessons = [lesson for lesson in try_lessons(draft, tried) if _has_points(lesson, draft)]
    placed = place_cells(draft, lessons)
    lessons = [lesson for lesson in lessons if lesson.checks]
    if lessons:
        write_course(folder, draft, lessons)
    notebooks = {path.stem: _notebook(path, placed) for path in paths}
    adopted = AdoptedAssignment(assignment, notebooks)
    adopted.write(folder)
    of_cells = {cell.where for cell in draft.cells}
    others = tuple(
        LeftOver(clean(where), clean(_SHOWN if where in draft.by_hand else reason, limit=500))
        for where, reason in draft.left_over
        if where not in of_cells
    )
    course = Course.load(folder) if lessons else None
    if course is not None:
        prove(course)
    return Adoption(adopted, course, others)


def adopt_in_place(
    directory: CourseDirectory,
    assignment: str,
    tried: Callable[[int, int], None],
    *,
    replace: bool,
) -> Adoption:
    """Adopt an assignment in its classroom's folder for it; see :func:`adopt`.

    Args:
        directory: of the classroom.
        assignment: its name.
        tried: see there.
        replace: whether it may have been adopted before; the old course is kept in another place.

    Raises:
        GraderError: it was adopted before, or the folder cannot be written to.
    """
    root = Path(directory.root)
    folder = adopted_folder(root, assignment)
    is_there = folder.exists()
    if is_there and not replace:
        raise GraderError(
            f"`{clean(assignment)}` was adopted before, into {folder}. Do it again with --force, "
            "which keeps the old checks in another place."
        )
    try:
        folder.parent.mkdir(exist_ok=True)
        scratch = Path(mkdtemp(prefix=".new-", dir=folder.parent))
    except OSError as error:
        raise GraderError(f"cannot write to {folder.parent}: {error.strerror or error}") from None
    try:
        adoption = adopt(directory, assignment, scratch, tried)
        if adoption.course is not None:
            put_aside(root, [str(folder.relative_to(root))] if is_there else [])
            scratch.rename(folder)
        return adoption
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _has_points(lesson: DraftLesson, draft: Draft) -> bool:
    if not lesson.points:
        draft.left_over.append(LeftOver(lesson.where, "its test cells give no points"))
    return bool(lesson.points)


def _generated_texts(directory: CourseDirectory, assignment: str) -> Mapping[tuple[str, str], str]:
    """The test cells in the gradebook, which nbgrader grades with; none before there is one."""
    if not has_gradebook(directory.db_url):
        return {}
    with open_gradebook(directory.db_url, directory.course_id) as gradebook:
        try:
            notebooks: list[Any] = gradebook.find_assignment(assignment).notebooks
        except MissingEntry:
            return {}
        return {
            (notebook.name, cell.name): cell.source or ""
            for notebook in notebooks
            for cell in notebook.source_cells
        }


def _notebook(path: Path, placed: list[PlacedCell]) -> AdoptedNotebook:
    own = [cell for cell in placed if cell.notebook == path.stem]
    cells = tuple(
        AdoptedCell(cell.grade_id, cell.points, cell.place, cell.reason, cell.checks, cell.anchor)
        for cell in own
    )
    lesson = next((cell.lesson for cell in own if cell.lesson), "")
    return AdoptedNotebook(lesson, cells, _locked_cells(path) if lesson else {})


def _locked_cells(path: Path) -> dict[str, str]:
    """The code of cells that nbgrader puts back into what students hand in, by grade id."""
    locked: dict[str, str] = {}
    for cell in read_cells(read_source(path), path.name):
        mark = mark_of(cell)
        is_given = mark.get("locked") is True and not (mark.get("grade") or mark.get("solution"))
        if is_given and cell.get("cell_type") == "code":
            locked[str(mark.get("grade_id"))] = text_of(cell)
    return locked
