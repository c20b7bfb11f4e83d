"""Read what students handed in, as bytes, and turn it into plain records.

This runs in the trusted process, so it is careful instead of clever: a file is opened only
through the folder that holds it and only when it is a regular file, is read up to a limit, and
its text is decoded but never compiled, evaluated or written anywhere. Whatever is wrong with a
file becomes an :class:`Unreadable` with the reason, and costs that lesson only.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from grader.errors import IntakeError, reason_in_words
from grader.results import LessonResult
from grader.submissions.archives import (
    ENDINGS,
    MAX_ARCHIVE_BYTES,
    Archive,
    Folder,
    Found,
    Place,
    SeveralFolders,
    hold_open,
)
from grader.submissions.collected import COLLECTED_FILE
from grader.submissions.decoding import MAX_NOTEBOOK_BYTES, decode_notebook, decode_script
from grader.text import clean, clean_name, encodable
from grader.text.wording import list_some


@dataclass(frozen=True, slots=True)
class Source:
    r"""One lesson's program as text: encodable as UTF-8, lines ended by ``\n``, no NUL."""

    filename: str  # as handed in, e.g. "double.ipynb"
    cells: tuple[str, ...]  # a script is one cell; a notebook has one per code cell, in order
    notebook: bool
    note: str | None = None  # something the student should be told


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A lesson that was handed in but cannot be taken in."""

    reason: str  # in words, for the student; cleaned


@dataclass(frozen=True, slots=True)
class Misnamed:
    """Nothing of the lesson's name was handed in, but something that is called much like it."""

    hint: str  # what is there and what would count, for the student; cleaned


HandedIn = Source | Unreadable | Misnamed


@dataclass(frozen=True, slots=True)
class Known:
    """What a lesson was graded with before. It holds as long as the same lessons lose marks."""

    result: LessonResult
    weak: tuple[str, ...]  # of the lessons that it can import, those that had lost marks


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in."""

    student: str  # encodable as UTF-8; otherwise whatever the folder is called
    lessons: Mapping[str, HandedIn]  # in course order; absent = missing, without a trace
    known: Mapping[str, Known] = field(default_factory=dict)  # from earlier runs, by lesson


@dataclass(frozen=True, slots=True)
class Intake:
    """What a submissions folder held."""

    students: tuple[str, ...]  # sorted
    notes: list[str]  # for the instructor: what was ignored and why; cleaned. Grows with reading
    _read: Callable[[list[str]], Iterator[Submission]]
    alone: bool = False  # it was one student's folder or .zip

    def __iter__(self) -> Iterator[Submission]:
        """Read the submissions one by one, sorted by student: a class need not fit into memory."""
        return self._read(self.notes)


def take_in(path: Path, lesson_ids: Sequence[str], *, max_file_bytes: int) -> Intake:
    """Find all submissions under `path`; what they hold is read when they are iterated over.

    `path` is a folder of students' folders and zips, or one student's folder or zip; it may be
    a symbolic link, nothing in it may. A file for a lesson is called ``<lesson id>.py`` or
    ``.ipynb``; a script, or the code of a notebook, may have `max_file_bytes` bytes.

    Raises IntakeError when there is nothing to grade at `path`, or when it could be a class as well
    as one student's; never because of what a student handed in, which ends up as
    :class:`Unreadable` instead.
    """
    try:
        mode = path.stat().st_mode
        target = path.resolve()
    except (OSError, ValueError, RuntimeError) as error:  # ValueError: a NUL; RuntimeError: a loop
        raise IntakeError(
            f"{clean(str(path))} cannot be read ({clean(reason_in_words(error))}). "
            "Name the folder that holds the submissions: one folder or one .zip for each student."
        ) from error
    # The name that the instructor used, also for a link; `.` and `..` have none.
    name = path.name if path.name not in ("", "..") else target.name
    if stat.S_ISDIR(mode):
        with hold_open(str(target)) as folder:
            refuse_strays(folder, clean(str(path)), _filenames(lesson_ids))
            if any(map(folder.look, _filenames(lesson_ids))):
                return _one_student(target, name, lesson_ids, max_file_bytes)
            return _class(folder, target, clean(str(path)), lesson_ids, max_file_bytes)
    if stat.S_ISREG(mode) and name.lower().endswith(".zip"):
        return _one_archive(target, name[: -len(".zip")], lesson_ids, max_file_bytes)
    raise IntakeError(
        f"{clean(str(path))} is neither a folder nor a .zip. "
        "Name the folder that holds the submissions, or one student's folder or .zip."
    )


def take_in_one(folder: Path, lesson_ids: Sequence[str], *, max_file_bytes: int) -> Submission:
    """Read a folder that is one student's, whatever it holds; see :func:`take_in`.

    Raises IntakeError when it cannot be read at all.
    """
    (submission,) = _one_student(folder.resolve(), folder.name, lesson_ids, max_file_bytes)
    return submission


# -- from folders to students


def _one_student(target: Path, name: str, lesson_ids: Sequence[str], cap: int) -> Intake:
    student = encodable(name) or "student"  # the root of a file system has no name

    def read(notes: list[str]) -> Iterator[Submission]:
        with hold_open(str(target)) as folder:
            lessons = _lessons(folder, clean(student, 80), lesson_ids, cap, notes)
            ignored = [
                entry
                for entry in folder.others()
                if entry.lower().endswith(".zip") or stat.S_ISDIR(folder.mode(entry))
            ]
        if ignored:
            notes.append(
                f"{clean(student, 80)} holds lesson files itself and was read as one student's "
                f"folder; ignored in it: {_list(ignored)}"
            )
        yield Submission(student, lessons)

    return Intake((student,), [], read, alone=True)


def _one_archive(target: Path, name: str, lesson_ids: Sequence[str], cap: int) -> Intake:
    student = encodable(name)
    label = clean_name(target.name)
    archive: Archive | str
    try:
        with hold_open(str(target.parent)) as folder:
            archive = _open_archive(folder, target.name, lesson_ids)
        folders = _list(archive.deeper(_filenames(lesson_ids)))
    except SeveralFolders as error:
        folders = error.folders
    except IntakeError as error:
        archive, folders = str(error), ""
    if folders:
        raise IntakeError(
            f"{label} seems to hold a whole class ({folders}), and a .zip is one student's. "
            "Unpack it, and name the folder that holds a folder or a .zip for each student."
        )

    def read(notes: list[str]) -> Iterator[Submission]:
        if isinstance(archive, str):
            yield Submission(student, _all_unreadable(lesson_ids, archive))
        else:
            yield Submission(student, _lessons(archive, label, lesson_ids, cap, notes))

    return Intake((student,), [], read, alone=True)


def _class(folder: Folder, target: Path, label: str, lesson_ids: Sequence[str], cap: int) -> Intake:
    candidates: dict[str, list[tuple[int, str]]] = {}  # student → (rank, entry)
    notes: list[str] = []
    strays: list[str] = []
    for entry in sorted(folder.entries()):
        mode = folder.mode(entry)
        is_zip = entry.lower().endswith(".zip")
        if stat.S_ISDIR(mode):
            rank, student = 0, entry
        elif is_zip:
            rank, student = (1 if stat.S_ISREG(mode) else 2), entry[: -len(".zip")]
        elif stat.S_ISREG(mode):
            if entry != COLLECTED_FILE:
                strays.append(entry)
            continue
        else:  # a link, say: somebody's place, though not one to follow
            rank, student = 2, entry
        candidates.setdefault(student, []).append((rank, entry))
    if not candidates:
        raise IntakeError(
            f"{label} holds no submissions"
            + (f" (only {_list(strays)})" if strays else "")
            + ". Put one folder or one .zip for each student there, with files such as "
            + f"{lesson_ids[0] if lesson_ids else 'lesson'}.py inside."
        )
    if strays:
        notes.append(f"ignored, being neither a folder nor a .zip: {_list(strays)}")
    names = _distinct(list(candidates), notes)
    chosen: list[tuple[str, int, str]] = []  # student, rank, entry
    for raw, student in sorted(names.items(), key=lambda pair: pair[1]):
        (rank, entry), *rest = sorted(candidates[raw])
        if rest:
            kind = "the folder" if rank == 0 else clean_name(entry)
            ignored = _list([entry for _, entry in rest])
            notes.append(f"{clean_name(raw)}: both {kind} and {ignored} are there; {kind} counts")
        if rank == 2:
            notes.append(f"not followed, all lessons unreadable: {clean_name(entry)}")
        chosen.append((student, rank, entry))

    def read(notes: list[str]) -> Iterator[Submission]:
        with hold_open(str(target)) as whole:
            for student, rank, entry in chosen:
                if rank == 0:
                    try:
                        with whole.enter(entry) as inner:
                            lessons = _from_folder(inner, student, lesson_ids, cap, notes)
                    except IntakeError as error:
                        lessons = _all_unreadable(lesson_ids, str(error))
                else:
                    lessons = _from_archive(whole, entry, lesson_ids, cap, notes)
                yield Submission(student, lessons)

    return Intake(tuple(student for student, _, _ in chosen), notes, read)


def _distinct(raw_names: list[str], notes: list[str]) -> dict[str, str]:
    """File name → student; a byte that is no text becomes U+FFFD, and a number keeps twins apart.

    The grades file is keyed by student, so no two may share a name.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    # Names that need no repair go first, so that they keep theirs.
    for raw in sorted(raw_names, key=lambda raw: (encodable(raw) != raw, raw)):
        student, number = encodable(raw), 1
        while student in taken:
            number += 1
            student = f"{encodable(raw)} ({number})"
        if number > 1:
            notes.append(f"two students are called {clean_name(raw)}; one is listed as ({number})")
        taken.add(student)
        names[raw] = student
    return names


# -- from one student's folder or archive to lessons


def _from_folder(
    folder: Folder, student: str, lesson_ids: Sequence[str], cap: int, notes: list[str]
) -> dict[str, HandedIn]:
    """A student's folder; if no lesson lies in it, those in its folders, as nbgrader has them."""
    label = clean(student, 80)
    newest: dict[str, tuple[tuple[int, ...], str]] = {}  # lesson → when it changed, where it is
    if not any(_look(folder, id_) for id_ in lesson_ids):
        inside = [name for name in folder.others() if stat.S_ISDIR(folder.mode(name))]
        for name in inside:
            with suppress(IntakeError), folder.enter(name) as inner:
                for id_ in lesson_ids:
                    if found := _look(inner, id_):
                        place = max(it.changed for it in found), name
                        if id_ in newest:
                            notes.append(
                                f"{label}: {id_} is in {_list([newest[id_][1], name])}; "
                                "the newer one counts"
                            )
                        newest[id_] = max(place, newest.get(id_, place))
    if not newest:
        return _lessons(folder, label, lesson_ids, cap, notes)
    lessons: dict[str, HandedIn] = {}
    for name in sorted({name for _, name in newest.values()}):
        try:
            with folder.enter(name) as inner:
                found_here = _lessons(inner, label, lesson_ids, cap, notes)
        except IntakeError as error:
            found_here = _all_unreadable(lesson_ids, str(error))
        lessons |= {
            id_: handed_in
            for id_, handed_in in found_here.items()
            if id_ in newest and newest[id_][1] == name
        }
    return {id_: lessons[id_] for id_ in lesson_ids if id_ in lessons}


def _look(place: Place, lesson_id: str) -> list[Found]:
    return [it for ending in ENDINGS if (it := place.look(lesson_id + ending))]


def _from_archive(
    folder: Folder, entry: str, lesson_ids: Sequence[str], cap: int, notes: list[str]
) -> dict[str, HandedIn]:
    try:
        archive = _open_archive(folder, entry, lesson_ids)
    except IntakeError as error:
        return _all_unreadable(lesson_ids, str(error))
    return _lessons(archive, clean_name(entry), lesson_ids, cap, notes)


def _open_archive(folder: Folder, entry: str, lesson_ids: Sequence[str]) -> Archive:
    data = folder.read(entry, MAX_ARCHIVE_BYTES)
    return Archive(data, clean_name(entry), _filenames(lesson_ids))


def _filenames(lesson_ids: Sequence[str]) -> set[str]:
    return {id_ + ending for id_ in lesson_ids for ending in ENDINGS}


def _all_unreadable(lesson_ids: Sequence[str], reason: str) -> dict[str, HandedIn]:
    return dict.fromkeys(lesson_ids, Unreadable(reason))


def _lessons(
    place: Place, label: str, lesson_ids: Sequence[str], cap: int, notes: list[str]
) -> dict[str, HandedIn]:
    found: dict[str, HandedIn | None] = {id_: _lesson(place, id_, cap) for id_ in lesson_ids}
    others = place.others() if None in found.values() else []
    nothing_fits = not any(found.values())
    for id_ in lesson_ids:
        if found[id_]:
            continue
        if near := [name for name in others if _squash(id_) in _squash(name)]:
            hint = f"{_list(near)} is there, but only {id_}.py or {id_}.ipynb counts"
            found[id_] = Misnamed(hint)
            notes.append(f"{label}: {id_} is missing; {hint}")
            others = [name for name in others if name not in near]
    if nothing_fits and others:
        notes.append(f"{label} holds no file of a lesson's name; ignored in it: {_list(others)}")
    return {id_: lesson for id_, lesson in found.items() if lesson}


def _lesson(place: Place, lesson_id: str, cap: int) -> Source | Unreadable | None:
    found = _look(place, lesson_id)
    if not found:
        return None
    if problem := next((it.problem for it in found if it.problem), None):
        return Unreadable(problem)
    chosen = max(found, key=lambda it: it.changed)  # the first, when equally old
    note = None
    if len(found) > 1:
        age = "of the same age" if found[0].changed == found[1].changed else "the newer one"
        note = f"{found[0].filename} and {found[1].filename} are both there; "
        note += f"{chosen.filename} counts ({age})"
    notebook = chosen.filename.endswith(".ipynb")
    try:
        data = place.read(chosen.filename, MAX_NOTEBOOK_BYTES if notebook else cap)
        cells = (
            decode_notebook(data, chosen.filename, cap)
            if notebook
            else (decode_script(data, chosen.filename),)
        )
    except IntakeError as error:
        return Unreadable(f"{error} ({note})" if note else str(error))
    return Source(chosen.filename, cells, notebook, note)


# -- words


def _list(names: Sequence[str]) -> str:
    return list_some([clean_name(name) for name in names])


def _squash(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name[:300].casefold())


def refuse_strays(folder: Folder, label: str, filenames: Collection[str]) -> None:
    """Raise IntakeError if a folder holds lessons itself and in what lies in it.

    Args:
        folder: to be graded.
        label: what it is called.
        filenames: what a lesson's file may be called.
    """
    strays = [name for name in sorted(filenames) if folder.look(name)]
    if not strays:
        return
    beside = (name for name in folder.others() if _holds(folder, name, filenames))
    if places := list(islice(beside, 3)):
        raise IntakeError(
            f"{label} holds lesson files itself ({list_some(strays)}), and so does what lies "
            f"beside them ({', '.join(map(clean_name, places))}). For a class, move those files "
            "elsewhere or into their student's folder; for one student, name a folder that holds "
            "nothing but that student's files."
        )


def _holds(folder: Folder, entry: str, filenames: Collection[str], *, top: bool = True) -> bool:
    """Whether a folder, one in it (as nbgrader has them) or a zip holds a lesson's file."""
    with suppress(IntakeError):
        if stat.S_ISDIR(folder.mode(entry)):
            with folder.enter(entry) as inner:
                return any(map(inner.look, filenames)) or (
                    top and any(_holds(inner, it, filenames, top=False) for it in inner.others())
                )
        if top and entry.lower().endswith(".zip"):
            try:
                data = folder.read(entry, MAX_ARCHIVE_BYTES)
                archive = Archive(data, clean_name(entry), filenames)
            except SeveralFolders:
                return True
            return any(map(archive.look, filenames))
    return False
