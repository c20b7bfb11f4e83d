"""Lesson files that lie beside folders or zips with lessons: one student's, or astray in a class?

Read as one student's, a whole class would shrink to a single row because of one file. So nobody
guesses: whoever named the folder is asked.
"""

from __future__ import annotations

import stat
from collections.abc import Collection
from contextlib import suppress
from itertools import islice

from grader.errors import IntakeError
from grader.submissions.archives import MAX_ARCHIVE_BYTES, Archive, Folder, SeveralFolders
from grader.text import label_of, some_of


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
            f"{label} holds lesson files itself ({some_of(strays)}), and so does what lies beside "
            f"them ({', '.join(map(label_of, places))}). For a class, move those files elsewhere "
            "or into their student's folder; for one student, name a folder that holds nothing "
            "but that student's files."
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
                archive = Archive(data, label_of(entry), filenames)
            except SeveralFolders:
                return True
            return any(map(archive.look, filenames))
    return False
