"""From a folder of submissions to one :class:`Submission` for each student.

This runs in the trusted process. It opens a file only through the folder that holds it, only if
it is a regular file, and reads it up to a limit. It decodes the text, and never compiles,
evaluates or writes it. A file that cannot be read becomes an :class:`Unreadable` with the reason,
and costs that lesson only.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Final

from grader.errors import IntakeError, reason_in_words
from grader.submissions.archives import (
    MAX_ARCHIVE_BYTES,
    Budget,
    archive_stem,
    expand,
    read_archive,
)
from grader.submissions.collected_file import COLLECTED_FILE
from grader.submissions.folders import Folder, hold_open
from grader.submissions.found_files import FoundFile, is_ignored_folder
from grader.submissions.lesson_files import (
    Remarks,
    Wanted,
    find_lessons,
    find_modules,
    possible_filenames,
    read_lessons,
)
from grader.submissions.module_files import packages_of
from grader.submissions.submission import HandedIn, Submission, Unreadable
from grader.text import clean, clean_name, look, make_encodable
from grader.text.wording import list_some

#: How many files and folders of one student are looked at.
_MAX_FILES = 20_000

_NONE: Final[Mapping[str, Sequence[str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Intake:
    """What a submissions folder held."""

    students: tuple[str, ...]  # sorted
    remarks: Remarks  # for the instructor; reading adds to it
    _read: Callable[[Remarks], Iterator[Submission]]
    alone: bool = False  # the path was one student's folder or archive

    def __iter__(self) -> Iterator[Submission]:
        """Read the submissions one by one, sorted by student: a class need not fit into memory."""
        return self._read(self.remarks)


def take_in(
    path: Path,
    lesson_ids: Sequence[str],
    *,
    max_file_bytes: int,
    modules: Mapping[str, Sequence[str]] = _NONE,
) -> Intake:
    """Find all submissions under `path`; iterating over the result reads them.

    `path` is a folder of students' folders and archives, or one student's folder or archive. It may
    be a symbolic link; nothing in it may. A lesson's file is called ``<lesson id>.py`` or
    ``.ipynb``; a script, or the code of a notebook, may have `max_file_bytes` bytes. `modules` are
    the paths of the further modules of lessons, by lesson, see :mod:`.module_files`.

    Raises IntakeError if there is nothing to grade at `path`, or if it could be a class as well
    as one student's. What a student handed in raises nothing: see :class:`Unreadable`.
    """
    wanted = Wanted(lesson_ids, max_file_bytes, modules)
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
            filenames = possible_filenames(lesson_ids)
            _refuse_mixture(folder, clean(str(path)), lesson_ids)
            if any(map(folder.has, filenames)):
                return _one_student(target, name, wanted)
            return _class(folder, target, clean(str(path)), wanted)
    if stat.S_ISREG(mode) and (student := archive_stem(name)):
        return _one_archive(target, student, wanted)
    raise IntakeError(
        f"{clean(str(path))} is neither a folder nor a .zip. "
        "Name the folder that holds the submissions, or one student's folder or .zip."
    )


def take_in_one(
    folder: Path,
    lesson_ids: Sequence[str],
    *,
    max_file_bytes: int,
    modules: Mapping[str, Sequence[str]] = _NONE,
    deep: bool = True,
    remarks: Remarks | None = None,
) -> Submission:
    """Read a folder that belongs to one student; see :func:`take_in`.

    Args:
        folder: the student's.
        lesson_ids: the lessons of the course, in order.
        max_file_bytes: how many bytes a script, or the code of a notebook, may have.
        modules: the paths of the further modules of lessons, by lesson.
        deep: look into the folders and archives in it, too; else into packages of lessons alone.
        remarks: gets what the instructor should know.

    Raises IntakeError if it cannot be read at all.
    """
    target = folder.resolve()
    wanted = Wanted(lesson_ids, max_file_bytes, modules)
    intake = _one_student(target, folder.name, wanted, deep=deep)
    (submission,) = intake
    if remarks is not None:
        remarks.notes += intake.remarks.notes
        remarks.to_look_at += intake.remarks.to_look_at
    return submission


# -- from folders to students


def _one_student(target: Path, name: str, wanted: Wanted, *, deep: bool = True) -> Intake:
    student = make_encodable(name) or "student"  # the root of a file system has no name

    def read(remarks: Remarks) -> Iterator[Submission]:
        with hold_open(str(target)) as folder:
            files = _files(folder, clean(student, 80), None if deep else wanted)
            lessons = read_lessons(files, clean(student, 80), wanted, remarks)
            _note_what_is_beside(folder, files, clean(student, 80), wanted, remarks)
        yield Submission(student, lessons)

    return Intake((student,), Remarks(), read, alone=True)


def _one_archive(target: Path, name: str, wanted: Wanted) -> Intake:
    student = make_encodable(name)
    label = clean_name(target.name)
    files: list[FoundFile] = []
    broken = None
    try:
        with hold_open(str(target.parent)) as folder:
            files = _files_in_archive(folder, target.name)
    except IntakeError as error:
        broken = str(error)
    choices, _ = find_lessons(files, wanted.lessons)
    if crowd := [
        file for choice in choices.values() if choice.places > 1 for file in choice.nearest
    ]:
        places = sorted({clean("/".join(file.parts[:-1]), 40) for file in crowd})
        raise IntakeError(
            f"{label} seems to hold a whole class ({list_some(places)}), and an archive is one "
            "student's. Unpack it, and name the folder that holds a folder or a .zip for each "
            "student."
        )

    def read(remarks: Remarks) -> Iterator[Submission]:
        if broken is not None:
            yield Submission(student, _all_unreadable(wanted.lessons, broken))
        else:
            yield Submission(student, read_lessons(files, label, wanted, remarks))

    return Intake((student,), Remarks(), read, alone=True)


def _class(folder: Folder, target: Path, label: str, wanted: Wanted) -> Intake:
    candidates: dict[str, list[tuple[int, str]]] = {}  # student → (rank, entry)
    remarks = Remarks()
    strays: list[str] = []
    for entry in sorted(folder.entries()):
        mode = folder.mode(entry)
        if stat.S_ISDIR(mode):
            rank, student = 0, entry
        elif stem := archive_stem(entry):
            rank, student = (1 if stat.S_ISREG(mode) else 2), stem
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
            + (f" (only {list_some([clean_name(name) for name in strays])})" if strays else "")
            + ". Put one folder or one .zip for each student there, with files such as "
            + f"{wanted.lessons[0] if wanted.lessons else 'lesson'}.py inside."
        )
    if strays:
        remarks.notes.append(
            "ignored, being neither a folder nor a .zip: "
            + list_some([clean_name(name) for name in strays])
        )
    names = _distinct(list(candidates), remarks.notes)
    chosen: list[tuple[str, int, str]] = []  # student, rank, entry
    for raw, student in sorted(names.items(), key=lambda pair: pair[1]):
        (rank, entry), *rest = sorted(candidates[raw])
        if rest:
            kind = "the folder" if rank == 0 else clean_name(entry)
            ignored = list_some([clean_name(entry) for _, entry in rest])
            remarks.notes.append(
                f"{clean_name(raw)}: both {kind} and {ignored} are there; {kind} counts"
            )
        if rank == 2:
            remarks.notes.append(f"not followed, all lessons unreadable: {clean_name(entry)}")
        chosen.append((student, rank, entry))

    def read(remarks: Remarks) -> Iterator[Submission]:
        with hold_open(str(target)) as whole:
            for student, rank, entry in chosen:
                try:
                    if rank == 0:
                        label = clean(student, 80)
                        with whole.enter(entry) as inner:
                            files = _files(inner, label)
                            lessons = read_lessons(files, label, wanted, remarks)
                    else:
                        files = _files_in_archive(whole, entry)
                        lessons = read_lessons(files, clean_name(entry), wanted, remarks)
                except IntakeError as error:
                    lessons = _all_unreadable(wanted.lessons, str(error))
                yield Submission(student, lessons)

    return Intake(tuple(student for student, _, _ in chosen), remarks, read)


def _distinct(raw_names: list[str], notes: list[str]) -> dict[str, str]:
    """File name → student, no two that look alike: students are the keys of the grades.

    A byte that is no text becomes U+FFFD; names that look alike get a number.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    # Names that need no repair, and are what they look like, go first: they stay as they are.
    for raw in sorted(
        raw_names, key=lambda raw: (make_encodable(raw) != raw, look(raw) != raw, raw)
    ):
        student, number = make_encodable(raw), 1
        while look(student) in taken:
            number += 1
            student = f"{make_encodable(raw)} ({number})"
        if number > 1:
            notes.append(
                f"two students are called {clean_name(look(raw))}; one is listed as ({number})"
            )
        taken.add(look(student))
        names[raw] = student
    return names


# -- from one student's folder or archive to files


def _files(folder: Folder, label: str, alone: Wanted | None = None) -> list[FoundFile]:
    """All files of a student's folder, those in archives included.

    With `alone`, the files in the folder itself, and those in the packages that belong to it.
    """
    files = folder.files(_MAX_FILES)
    if alone is not None:
        packages = {path for paths in alone.modules.values() for path in packages_of(paths)}
        return [file for file in files if len(file.parts) == 1 or file.parts[0] in packages]
    budget = Budget(label)
    return [inner for file in files for inner in expand(file, budget)]


def _files_in_archive(folder: Folder, entry: str) -> list[FoundFile]:
    """All files of a student's archive, those in the archives in it included."""
    budget = Budget(clean_name(entry))
    data = folder.read(entry, MAX_ARCHIVE_BYTES)
    files = read_archive(data, entry, (), budget)
    return [inner for file in files for inner in expand(file, budget)]


def _all_unreadable(lesson_ids: Sequence[str], reason: str) -> dict[str, HandedIn]:
    return dict.fromkeys(lesson_ids, Unreadable(reason))


def _note_what_is_beside(
    folder: Folder,
    files: Sequence[FoundFile],
    label: str,
    wanted: Wanted,
    remarks: Remarks,
) -> None:
    """Note the folders and archives that hold no lesson: they might be other students'."""
    choices, _ = find_lessons(files, wanted.lessons)
    used = {
        file.parts[0] for choice in choices.values() for file in (*choice.nearest, *choice.others)
    }
    used |= {file.parts[0] for file in find_modules(files, wanted)}
    beside = [
        clean_name(name)
        for name in sorted(folder.entries(1_000))
        if name not in used
        and not is_ignored_folder(name)
        and (archive_stem(name) or stat.S_ISDIR(folder.mode(name)))
    ]
    if beside:
        remarks.notes.append(
            f"{label} holds lesson files itself and was read as one student's folder; ignored in "
            f"it: {list_some(beside)}"
        )


def _refuse_mixture(folder: Folder, label: str, lesson_ids: Sequence[str]) -> None:
    """Raise IntakeError if a folder holds lesson files and also folders or archives with some."""
    strays = [name for name in sorted(possible_filenames(lesson_ids)) if folder.has(name)]
    if not strays:
        return
    beside = (
        name for name in sorted(folder.entries(1_000)) if _has_a_lesson(folder, name, lesson_ids)
    )
    if places := list(islice(beside, 3)):
        raise IntakeError(
            f"{label} holds lesson files itself ({list_some(strays)}), and so does what lies "
            f"beside them ({', '.join(map(clean_name, places))}). For a class, move those files "
            "elsewhere or into their student's folder; for one student, name a folder that holds "
            "nothing but that student's files."
        )


def _has_a_lesson(folder: Folder, entry: str, lesson_ids: Sequence[str]) -> bool:
    """Whether a folder or an archive holds a lesson's file."""
    files: list[FoundFile] = []
    with suppress(IntakeError):
        if stat.S_ISDIR(folder.mode(entry)):
            with folder.enter(entry) as inner:
                files = _files(inner, clean_name(entry))
        elif archive_stem(entry):
            files = _files_in_archive(folder, entry)
    choices, _ = find_lessons(files, lesson_ids)
    return bool(choices)
