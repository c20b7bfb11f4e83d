"""Chooses the file of each lesson among a student's files, by name and place, and reads it.

A lesson's file may lie in any folder or archive of a hand-in. The one nearest to the top counts. If
two are equally near and differ, neither counts: a person has to choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from grader.errors import IntakeError
from grader.submissions.archives import archive_stem
from grader.submissions.decoding import decode_script, is_notebook
from grader.submissions.found_files import ENDINGS, FoundFile
from grader.submissions.lesson_names import is_disguised, is_similar, split_ending
from grader.submissions.module_files import ModuleFiles
from grader.submissions.notebooks import (
    MAX_NOTEBOOK_BYTES,
    find_idle_code,
    read_cells,
    read_code,
)
from grader.submissions.submission import HandedIn, Misnamed, Source, Unreadable
from grader.text import clean_name
from grader.text.wording import list_some, size_in_words


@dataclass(slots=True)
class Remarks:
    """Sentences for the instructor about the files of a class; cleaned."""

    notes: list[str] = field(default_factory=list)
    to_look_at: list[str] = field(default_factory=list)  # where a person has to decide


@dataclass(frozen=True, slots=True)
class Wanted:
    """What students of a course hand in."""

    lessons: Sequence[str]  # their ids, in order
    max_file_bytes: int  # of a script, or of the code of a notebook; with its modules, of all
    modules: Mapping[str, Sequence[str]] = field(default_factory=dict)  # of lessons, by their paths


@dataclass(frozen=True, slots=True)
class Choice:
    """The files that could be one lesson."""

    nearest: tuple[FoundFile, ...]  # one, or several that lie equally near to the top
    others: tuple[FoundFile, ...]  # those below

    @property
    def places(self) -> int:
        """In how many folders the nearest ones lie."""
        return len({file.parts[:-1] for file in self.nearest})


def choose(files: Iterable[FoundFile]) -> Choice:
    """Choose those of the files for one lesson that lie nearest to the top."""
    by_depth = sorted(files, key=lambda file: (len(file.parts), file.parts))
    nearest = [file for file in by_depth if len(file.parts) == len(by_depth[0].parts)]
    plain = [file for file in nearest if not is_disguised(file.name)]
    chosen = plain or nearest
    return Choice(tuple(chosen), tuple(file for file in by_depth if file not in chosen))


def find_lessons(
    files: Iterable[FoundFile], lesson_ids: Sequence[str]
) -> tuple[dict[str, Choice], list[FoundFile]]:
    """The files with the lessons' own names, by lesson, and all other files."""
    of_lessons: dict[str, list[FoundFile]] = {}
    others: list[FoundFile] = []
    for file in files:
        split = split_ending(file.name)
        lesson = split[0] if split else ""
        (of_lessons.setdefault(lesson, []) if lesson in lesson_ids else others).append(file)
    return {lesson: choose(candidates) for lesson, candidates in of_lessons.items()}, others


def find_modules(files: Iterable[FoundFile], wanted: Wanted) -> list[FoundFile]:
    """The files that may be further modules of a lesson."""
    files = list(files)
    own = (ModuleFiles.among(files, paths) for paths in wanted.modules.values())
    return [file for modules in own for file in modules.files]


def read_lessons(
    files: Iterable[FoundFile], label: str, wanted: Wanted, remarks: Remarks
) -> dict[str, HandedIn]:
    """Read the lessons among a student's files, each by its id; a missing one has no entry.

    Args:
        files: all files of one student.
        label: the student in the notes.
        wanted: what the course asks for.
        remarks: gets a sentence for whatever the instructor should know.
    """
    lesson_ids = wanted.lessons
    choices, others = find_lessons(files, lesson_ids)
    modules = {id_: ModuleFiles.among(others, paths) for id_, paths in wanted.modules.items()}
    of_modules = {file.parts for own in modules.values() for file in own.files}
    lessons: dict[str, HandedIn] = {}
    cap = wanted.max_file_bytes
    for id_ in lesson_ids:
        if id_ in choices:
            lessons[id_] = lesson = _read(id_, choices[id_], label, cap, remarks)
            if id_ in modules and isinstance(lesson, Source):
                place = choices[id_].nearest[0].parts[:-1]
                lessons[id_] = modules[id_].read(lesson, place, cap)
    left = [file for file in others if file.parts not in of_modules]
    for id_ in lesson_ids:
        if id_ not in lessons and (
            near := [file for file in left if is_similar(file.name, id_, lesson_ids)]
        ):
            hint = f"{list_paths(near)} is there, but only {id_}.py or {id_}.ipynb counts"
            lessons[id_] = Misnamed(hint)
            remarks.notes.append(f"{label}: {id_} is missing; {hint}")
            left = [file for file in left if file not in near]
    for id_ in lesson_ids:
        if id_ not in lessons and id_ in modules and (beside := modules[id_].files):
            hint = f"{list_paths(beside)} is there, but {id_}.py or {id_}.ipynb is not"
            lessons[id_] = Misnamed(hint)
            remarks.notes.append(f"{label}: {id_} is missing; {hint}")
    closed = [file for file in left if file.problem and archive_stem(file.name) is not None]
    if closed and len(lessons) < len(lesson_ids):
        hint = "; ".join(f"{file.shown} {file.problem}" for file in closed)
        remarks.to_look_at.append(f"{label}: {hint}")
        lessons |= {id_: Misnamed(hint) for id_ in lesson_ids if id_ not in lessons}
    elif left and not choices:
        remarks.notes.append(
            f"{label} holds no file of a lesson's name; ignored in it: {list_paths(left)}"
        )
    return {id_: lessons[id_] for id_ in lesson_ids if id_ in lessons}


def list_paths(files: Sequence[FoundFile]) -> str:
    """The first few of these files, cleaned, with commas between them."""
    return list_some([file.shown for file in files])


def possible_filenames(lesson_ids: Sequence[str]) -> set[str]:
    """The names that a lesson's file usually has."""
    return {id_ + ending for id_ in lesson_ids for ending in ENDINGS}


def _read(
    lesson: str, choice: Choice, label: str, cap: int, remarks: Remarks
) -> Source | Unreadable:
    nearest = choice.nearest
    notes: list[str] = []
    if choice.others:
        verb = "is" if len(choice.others) == 1 else "are"
        notes.append(f"{list_paths(choice.others)} {verb} there, too, and did not count")
    if choice.places > 1 and not _alike(nearest):
        why = (
            f"{lesson} is there more than once, and the files differ: {list_paths(nearest)}; "
            "leave only the one that counts"
        )
        remarks.to_look_at.append(f"{label}: {why}")
        return Unreadable(why)
    if problem := next(
        (f"{clean_name(file.name)} {file.problem}" for file in nearest if file.problem), None
    ):
        return Unreadable(problem)
    if choice.places > 1:
        chosen = nearest[0]
    else:
        chosen = max(nearest, key=lambda file: (file.changed, _is_script(file)))
        if len(nearest) > 1:
            notes.insert(0, _two_of_a_kind(nearest, chosen))
    if choice.others:
        remarks.notes.append(f"{label}: {chosen.shown} counts for {lesson}; {notes[-1]}")
    note = "; ".join(notes) or None
    name = clean_name(chosen.name)
    try:
        data = chosen.read(cap if _is_script(chosen) else MAX_NOTEBOOK_BYTES)
        notebook = not _is_script(chosen) or is_notebook(data)
        if notebook:
            whole = read_cells(data, name)
            cells = read_code(whole, name, cap)
            named = f"{name} is a notebook, and is read as one" if _is_script(chosen) else ""
            note = (
                "; ".join(text for text in (note, named, find_idle_code(whole, cells)) if text)
                or None
            )
        else:
            cells = (decode_script(data, name),)
        _check_size(cells, name, cap)
    except IntakeError as error:
        return Unreadable(f"{error} ({note})" if note else str(error))
    return Source(chosen.name, cells, notebook, note)


def _check_size(cells: Sequence[str], name: str, cap: int) -> None:
    """Refuse a text that is too large in UTF-8, the form in which a program is sent."""
    if sum(len(cell.encode()) for cell in cells) > cap:
        raise IntakeError(f"{name} is larger than {size_in_words(cap)} in UTF-8")


def _is_script(file: FoundFile) -> bool:
    split = split_ending(file.name)
    return split is not None and split[1] == ENDINGS[0]


def _alike(files: Sequence[FoundFile]) -> bool:
    """Whether the files hold the same bytes."""
    if any(file.problem for file in files):
        return False
    try:
        return len({file.read(MAX_NOTEBOOK_BYTES) for file in files}) == 1
    except IntakeError:
        return False


def _two_of_a_kind(files: Sequence[FoundFile], chosen: FoundFile) -> str:
    names = " and ".join(
        clean_name(file.name) for file in sorted(files, key=_is_script, reverse=True)
    )
    age = "of the same age" if len({file.changed for file in files}) == 1 else "the newer one"
    return f"{names} are both there; {clean_name(chosen.name)} counts ({age})"
