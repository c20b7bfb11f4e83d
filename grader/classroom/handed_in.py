"""Finds the lessons' notebooks in a student's folder, also if they were renamed.

nbgrader's cells keep their ids when a file is renamed, so ``softmax_final (2).ipynb`` is recognised
by its cells. A file that has lost these as well is not taken, and the instructor is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.classroom.adopted import AdoptedAssignment, AdoptedNotebook
from grader.classroom.graded_cells import TestCell, adopted_cells, make_grade_id
from grader.course import Course, read_text
from grader.errors import IntakeError
from grader.submissions.folders import hold_open
from grader.submissions.intake import take_in_one
from grader.submissions.lesson_names import guess_lesson
from grader.submissions.module_files import ModuleFiles
from grader.submissions.notebooks import MAX_NOTEBOOK_BYTES, Cell, read_cells, read_code
from grader.submissions.submission import HandedIn, Misnamed, Source, Submission, Unreadable
from grader.text import clean_name
from grader.text.wording import list_some

_ENDING = ".ipynb"
_MAX_FILES = 1_000  # that are looked at


@dataclass(frozen=True, slots=True)
class HandedInNotebooks:
    """The notebooks of one student's folder."""

    names: Mapping[str, str]  # file names, by lesson; those that are there
    remarks: tuple[str, ...]  # on files that were recognised by their cells, or not taken


def find_notebooks(folder: Path, tests: Mapping[str, Sequence[TestCell]]) -> HandedInNotebooks:
    """Find each lesson's notebook.

    Args:
        folder: the student's. Links are not followed.
        tests: the test cells of each lesson.
    """
    there = sorted(path.name for path in folder.iterdir() if path.suffix.lower() == _ENDING)
    names = {lesson: name for lesson in tests if (name := f"{lesson}{_ENDING}") in there}
    candidates: dict[str, list[str]] = {}
    remarks: list[str] = []
    for name in there:
        if name in names.values():
            continue
        shown = clean_name(name)
        lesson = _lesson_of(folder, name, tests)
        if lesson is None:
            guess = guess_lesson(name, [*tests]).lessons
            looks = f", though its name looks like {guess[0]}" if len(guess) == 1 else ""
            remarks.append(f"{shown} has the cells of no lesson{looks}; it was not taken")
        elif lesson in names:
            remarks.append(f"{shown} is {lesson}, too; {names[lesson]} counts")
        else:
            candidates.setdefault(lesson, []).append(name)
    for lesson, several in candidates.items():
        if len(several) == 1:
            names[lesson] = several[0]
            remarks.append(f"{clean_name(several[0])} is {lesson} by its cells, and counts")
        else:
            listed = list_some([clean_name(name) for name in several])
            remarks.append(f"{listed} are all {lesson}; none was taken: leave one of them")
    return HandedInNotebooks(names, tuple(remarks))


def read_submission(
    course: Course,
    folder: Path,
    student: str,
    tests: Mapping[str, Sequence[TestCell]],
    others: Iterable[Path] = (),
) -> Submission:
    """Read all that a student handed in for one assignment, as `grader grade` would.

    Args:
        course: whose lessons.
        folder: the student's.
        student: the name.
        tests: the test cells of each lesson.
        others: the same student's folders of other assignments. Each part of the course can be an
            assignment, and lessons of a later one import those of an earlier one.
    """
    own = _read_folder(course, folder, student, tests)
    lessons = dict(own.lessons)
    elsewhere = {
        lesson
        for part in course.parts
        if not lessons.keys() & set(part.lessons)
        for lesson in part.lessons
    }
    for other in others:
        if elsewhere and other.is_dir():
            sources = _read_folder(course, other, student, tests).lessons
            for name, source in sources.items():
                if name in elsewhere and isinstance(source, Source):
                    lessons.setdefault(name, source)
    ordered = {name: lessons[name] for name in course.lesson_ids if name in lessons}
    return replace(own, lessons=ordered)


def read_adopted_notebooks(
    course: Course, folder: Path, student: str, adopted: AdoptedAssignment
) -> Submission:
    """Read the notebooks of an adopted assignment.

    Locked cells, and scripts beside the notebooks, are the instructor's, as in nbgrader.

    Args:
        course: made of the assignment.
        folder: the student's.
        student: the name.
        adopted: the assignment.
    """
    tests = {name: adopted_cells(notebook) for name, notebook in adopted.notebooks.items()}
    cap = course.limits.file_kib * 1024
    try:
        names = find_notebooks(folder, tests).names
    except OSError as error:
        return Submission(student, dict.fromkeys(course.lesson_ids, Unreadable(str(error))))
    beside = {place: path for lesson in course.lessons for place, path in lesson.modules.items()}
    modules = {place: read_text(path, course.shown(path)) for place, path in beside.items()}
    lessons: dict[str, HandedIn] = {
        notebook.lesson: _read_adopted(folder, names[name], cap, notebook, modules)
        for name, notebook in adopted.notebooks.items()
        if notebook.lesson and name in names
    }
    return Submission(
        student, {lesson: lessons[lesson] for lesson in course.lesson_ids if lesson in lessons}
    )


def _read_folder(
    course: Course, folder: Path, student: str, tests: Mapping[str, Sequence[TestCell]]
) -> Submission:
    ids = course.lesson_ids
    cap = course.limits.file_kib * 1024
    try:
        modules = course.module_paths
        found_by_name = take_in_one(folder, ids, max_file_bytes=cap, modules=modules, deep=False)
        lessons = dict(found_by_name.lessons)
        names = find_notebooks(folder, tests).names
    except (IntakeError, OSError) as error:
        return Submission(student, dict.fromkeys(ids, Unreadable(str(error))))
    for lesson, name in names.items():
        if isinstance(lessons.get(lesson), Misnamed | None) and name != f"{lesson}{_ENDING}":
            lessons[lesson] = _read(folder, name, cap, modules.get(lesson, ()))
    return Submission(student, {name: lessons[name] for name in ids if name in lessons})


def _read(folder: Path, name: str, cap: int, modules: Sequence[str]) -> HandedIn:
    try:
        cells = read_code(_cells(folder, name), name, cap)
        source = Source(name, cells, notebook=True, note=f"handed in as {clean_name(name)}")
        if not modules:
            return source
        with hold_open(str(folder)) as held:
            return ModuleFiles.among(held.files(_MAX_FILES), modules).read(source, (), cap)
    except IntakeError as error:
        return Unreadable(str(error))


def _read_adopted(
    folder: Path, name: str, cap: int, notebook: AdoptedNotebook, modules: Mapping[str, str]
) -> HandedIn:
    try:
        cells = [_as_locked(cell, notebook.locked) for cell in _cells(folder, name)]
        code = read_code(_with_anchors(cells, notebook.anchors), name, cap)
    except IntakeError as error:
        return Unreadable(str(error))
    return Source(name, code, notebook=True, modules=modules)


def _as_locked(cell: Cell, locked: Mapping[str, str]) -> Cell:
    code = locked.get(_grade_id(cell) or "")
    return cell if code is None else {**cell, "cell_type": "code", "source": code}


def _with_anchors(cells: Sequence[Cell], anchors: Mapping[str, str]) -> Iterator[Cell]:
    """The cells, with comments in place of test cells; at the end, if these were deleted."""
    missing = dict(anchors)
    for cell in cells:
        anchor = missing.pop(_grade_id(cell) or "", None)
        yield cell if anchor is None else _comment(anchor)
    yield from map(_comment, missing.values())


def _comment(text: str) -> Cell:
    return {"cell_type": "code", "source": text}


def _cells(folder: Path, name: str) -> list[Cell]:
    with hold_open(str(folder)) as held:
        return read_cells(held.read(name, MAX_NOTEBOOK_BYTES), name)


def _lesson_of(folder: Path, name: str, tests: Mapping[str, Sequence[TestCell]]) -> str | None:
    """The lesson to which most of a notebook's cells belong; None if there is none."""
    owners = Counter(grade_id for own in tests.values() for grade_id in set(_ids(own)))
    try:
        there = set(_grade_ids(_cells(folder, name)))
    except IntakeError:
        return None
    counts = {
        lesson: len({id_ for id_ in _ids(own) if owners[id_] == 1} & there)
        for lesson, own in tests.items()
    }
    most = max(counts.values(), default=0)
    best = [lesson for lesson, count in counts.items() if count == most]
    return best[0] if most and len(best) == 1 else None


def _ids(tests: Sequence[TestCell]) -> Iterator[str]:
    """The names of a lesson's cells: those with its tests, and those with its answers."""
    for test in tests:
        yield test.grade_id
        yield make_grade_id("answer", test.subject)


def _grade_ids(cells: Sequence[Cell]) -> Iterator[str]:
    for cell in cells:
        if (grade_id := _grade_id(cell)) is not None:
            yield grade_id


def _grade_id(cell: Cell) -> str | None:
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = mark.get("grade_id") if isinstance(mark, dict) else None
    return grade_id if isinstance(grade_id, str) else None
