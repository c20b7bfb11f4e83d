"""From a folder of submissions to one :class:`Submission` for each student.

This runs in the trusted process. It opens a file only through the folder that holds it, only if
it is a regular file, and reads it up to a limit. It decodes the text, and never compiles,
evaluates or writes it. A file that cannot be read becomes an :class:`Unreadable` with the reason,
and costs that lesson only.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from grader.errors import IntakeError, reason_in_words
from grader.submissions.archives import MAX_ARCHIVE_BYTES, Archive, SeveralFolders
from grader.submissions.collected_file import COLLECTED_FILE
from grader.submissions.folders import Folder, hold_open
from grader.submissions.lesson_files import list_names, look_for, possible_filenames, read_lessons
from grader.submissions.submission import HandedIn, Submission, Unreadable
from grader.text import clean, clean_name, make_encodable
from grader.text.wording import list_some


@dataclass(frozen=True, slots=True)
class Intake:
    """What a submissions folder held."""

    students: tuple[str, ...]  # sorted
    notes: list[str]  # for the instructor: what was ignored, and why; reading adds to it
    _read: Callable[[list[str]], Iterator[Submission]]
    alone: bool = False  # the path was one student's folder or .zip

    def __iter__(self) -> Iterator[Submission]:
        """Read the submissions one by one, sorted by student: a class need not fit into memory."""
        return self._read(self.notes)


def take_in(path: Path, lesson_ids: Sequence[str], *, max_file_bytes: int) -> Intake:
    """Find all submissions under `path`; iterating over the result reads them.

    `path` is a folder of students' folders and zips, or one student's folder or zip. It may be
    a symbolic link; nothing in it may. A lesson's file is called ``<lesson id>.py`` or ``.ipynb``;
    a script, or the code of a notebook, may have `max_file_bytes` bytes.

    Raises IntakeError if there is nothing to grade at `path`, or if it could be a class as well
    as one student's. What a student handed in raises nothing: see :class:`Unreadable`.
    """
    try:
        mode = path.stat().st_mode
        target = path.resolve()
    except (OSError, ValueError, RuntimeError) as error:  # ValueError: a NUL; RuntimeError: a loop
        raise IntakeError(
            f"{clean(str(path))} cannot be read ({clean(reason_in_words(error))}). "
            "Name the folder that holds the submissions: one folder or one .zip for each student."
        ) from error
    # The name that the instructor typed, even if it is a link; `.` and `..` are no names.
    name = path.name if path.name not in ("", "..") else target.name
    if stat.S_ISDIR(mode):
        with hold_open(str(target)) as folder:
            _refuse_mixture(folder, clean(str(path)), possible_filenames(lesson_ids))
            if any(map(folder.look, possible_filenames(lesson_ids))):
                return _one_student(target, name, lesson_ids, max_file_bytes)
            return _class(folder, target, clean(str(path)), lesson_ids, max_file_bytes)
    if stat.S_ISREG(mode) and name.lower().endswith(".zip"):
        return _one_archive(target, name[: -len(".zip")], lesson_ids, max_file_bytes)
    raise IntakeError(
        f"{clean(str(path))} is neither a folder nor a .zip. "
        "Name the folder that holds the submissions, or one student's folder or .zip."
    )


def take_in_one(folder: Path, lesson_ids: Sequence[str], *, max_file_bytes: int) -> Submission:
    """Read a folder that belongs to one student; see :func:`take_in`.

    Raises IntakeError if it cannot be read at all.
    """
    (submission,) = _one_student(folder.resolve(), folder.name, lesson_ids, max_file_bytes)
    return submission


# -- from folders to students


def _one_student(target: Path, name: str, lesson_ids: Sequence[str], cap: int) -> Intake:
    student = make_encodable(name) or "student"  # the root of a file system has no name

    def read(notes: list[str]) -> Iterator[Submission]:
        with hold_open(str(target)) as folder:
            lessons = read_lessons(folder, clean(student, 80), lesson_ids, cap, notes)
            ignored = [
                entry
                for entry in folder.others()
                if entry.lower().endswith(".zip") or stat.S_ISDIR(folder.mode(entry))
            ]
        if ignored:
            notes.append(
                f"{clean(student, 80)} holds lesson files itself and was read as one student's "
                f"folder; ignored in it: {list_names(ignored)}"
            )
        yield Submission(student, lessons)

    return Intake((student,), [], read, alone=True)


def _one_archive(target: Path, name: str, lesson_ids: Sequence[str], cap: int) -> Intake:
    student = make_encodable(name)
    label = clean_name(target.name)
    archive: Archive | str
    try:
        with hold_open(str(target.parent)) as folder:
            archive = _open_archive(folder, target.name, lesson_ids)
        folders = list_names(archive.deeper(possible_filenames(lesson_ids)))
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
            yield Submission(student, read_lessons(archive, label, lesson_ids, cap, notes))

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
        else:  # such as a link: it counts as a student, but is not followed
            rank, student = 2, entry
        candidates.setdefault(student, []).append((rank, entry))
    if not candidates:
        raise IntakeError(
            f"{label} holds no submissions"
            + (f" (only {list_names(strays)})" if strays else "")
            + ". Put one folder or one .zip for each student there, with files such as "
            + f"{lesson_ids[0] if lesson_ids else 'lesson'}.py inside."
        )
    if strays:
        notes.append(f"ignored, being neither a folder nor a .zip: {list_names(strays)}")
    names = _distinct(list(candidates), notes)
    chosen: list[tuple[str, int, str]] = []  # student, rank, entry
    for raw, student in sorted(names.items(), key=lambda pair: pair[1]):
        (rank, entry), *rest = sorted(candidates[raw])
        if rest:
            kind = "the folder" if rank == 0 else clean_name(entry)
            ignored = list_names([entry for _, entry in rest])
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
    """File name → student, no two alike: students are the keys of the grades.

    A byte that is no text becomes U+FFFD; equal names get a number.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    # Names that need no repair go first, so that they stay as they are.
    for raw in sorted(raw_names, key=lambda raw: (make_encodable(raw) != raw, raw)):
        student, number = make_encodable(raw), 1
        while student in taken:
            number += 1
            student = f"{make_encodable(raw)} ({number})"
        if number > 1:
            notes.append(f"two students are called {clean_name(raw)}; one is listed as ({number})")
        taken.add(student)
        names[raw] = student
    return names


# -- from one student's folder or archive to lessons


def _from_folder(
    folder: Folder, student: str, lesson_ids: Sequence[str], cap: int, notes: list[str]
) -> dict[str, HandedIn]:
    """The lessons in a student's folder, or else those in its folders, as nbgrader has them."""
    label = clean(student, 80)
    newest: dict[str, tuple[tuple[int, ...], str]] = {}  # lesson → when it changed, where it is
    if not any(look_for(folder, id_) for id_ in lesson_ids):
        inside = [name for name in folder.others() if stat.S_ISDIR(folder.mode(name))]
        for name in inside:
            with suppress(IntakeError), folder.enter(name) as inner:
                for id_ in lesson_ids:
                    if found := look_for(inner, id_):
                        place = max(it.changed for it in found), name
                        if id_ in newest:
                            notes.append(
                                f"{label}: {id_} is in {list_names([newest[id_][1], name])}; "
                                "the newer one counts"
                            )
                        newest[id_] = max(place, newest.get(id_, place))
    if not newest:
        return read_lessons(folder, label, lesson_ids, cap, notes)
    lessons: dict[str, HandedIn] = {}
    for name in sorted({name for _, name in newest.values()}):
        try:
            with folder.enter(name) as inner:
                found_here = read_lessons(inner, label, lesson_ids, cap, notes)
        except IntakeError as error:
            found_here = _all_unreadable(lesson_ids, str(error))
        lessons |= {
            id_: handed_in
            for id_, handed_in in found_here.items()
            if id_ in newest and newest[id_][1] == name
        }
    return {id_: lessons[id_] for id_ in lesson_ids if id_ in lessons}


def _from_archive(
    folder: Folder, entry: str, lesson_ids: Sequence[str], cap: int, notes: list[str]
) -> dict[str, HandedIn]:
    try:
        archive = _open_archive(folder, entry, lesson_ids)
    except IntakeError as error:
        return _all_unreadable(lesson_ids, str(error))
    return read_lessons(archive, clean_name(entry), lesson_ids, cap, notes)


def _open_archive(folder: Folder, entry: str, lesson_ids: Sequence[str]) -> Archive:
    data = folder.read(entry, MAX_ARCHIVE_BYTES)
    return Archive(data, clean_name(entry), possible_filenames(lesson_ids))


def _all_unreadable(lesson_ids: Sequence[str], reason: str) -> dict[str, HandedIn]:
    return dict.fromkeys(lesson_ids, Unreadable(reason))


def _refuse_mixture(folder: Folder, label: str, filenames: Collection[str]) -> None:
    """Raise IntakeError if a folder holds lesson files and also folders or zips with some."""
    strays = [name for name in sorted(filenames) if folder.look(name)]
    if not strays:
        return
    beside = (name for name in folder.others() if _has_lesson_file(folder, name, filenames))
    if places := list(islice(beside, 3)):
        raise IntakeError(
            f"{label} holds lesson files itself ({list_some(strays)}), and so does what lies "
            f"beside them ({', '.join(map(clean_name, places))}). For a class, move those files "
            "elsewhere or into their student's folder; for one student, name a folder that holds "
            "nothing but that student's files."
        )


def _has_lesson_file(
    folder: Folder, entry: str, filenames: Collection[str], *, top: bool = True
) -> bool:
    """Whether a zip, a folder or a folder in it (as in nbgrader) holds a lesson's file."""
    with suppress(IntakeError):
        if stat.S_ISDIR(folder.mode(entry)):
            with folder.enter(entry) as inner:
                return any(map(inner.look, filenames)) or (
                    top
                    and any(
                        _has_lesson_file(inner, it, filenames, top=False) for it in inner.others()
                    )
                )
        if top and entry.lower().endswith(".zip"):
            try:
                data = folder.read(entry, MAX_ARCHIVE_BYTES)
                archive = Archive(data, clean_name(entry), filenames)
            except SeveralFolders:
                return True
            return any(map(archive.look, filenames))
    return False
