"""Tells from a file's name for which lesson it is, also if the name is only similar."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from grader.submissions.found_files import ENDINGS

#: Endings that systems and mail programs put after a lesson's own.
_DISGUISES: Final = {
    ".py.txt": ".py", ".ipynb.txt": ".ipynb", ".ipynb.json": ".ipynb",
    ".py.py": ".py", ".ipynb.ipynb": ".ipynb",  # where the first ending is hidden
}  # fmt: skip

#: What systems add to a second file of the same name: ``report-1.py``, ``report (1).py``.
_UPLOADED_AGAIN: Final = re.compile(r"-\d{1,3}$")
_COPY: Final = re.compile(r"(?:-\d{1,3}|(?<!\s)\s*\(\d{1,3}\)|(?<!\s)\s+\d{1,3})$")

_CLOSE: Final = 0.84  # one letter of six wrong or missing

#: Names are cut to this before anything is matched: an archive can hold one of any length.
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Guess:
    """The lessons that a file's name fits."""

    lessons: tuple[str, ...]  # usually one; none or several if the name is ambiguous
    is_exact: bool = False


def split_ending(filename: str) -> tuple[str, str] | None:
    """The stem and the ending of a lesson's file; None for a file of another kind.

    ``double.py.txt`` is ``double.py``, which a mail program or an editor gave another ending.
    """
    name = filename[-_LONGEST:].lower()
    for ending, counts_as in (*_DISGUISES.items(), *((ending, ending) for ending in ENDINGS)):
        if name.endswith(ending):
            return filename[:_LONGEST].removesuffix(filename[-len(ending) :]), counts_as
    return None


def is_disguised(filename: str) -> bool:
    """Whether a lesson's file has another ending behind its own."""
    return filename[-_LONGEST:].lower().endswith(tuple(_DISGUISES))


def guess_lesson(filename: str, lessons: Sequence[str]) -> Guess:
    """The lesson that a file with this name is for.

    A guess is exact for the lesson's own name, also with a platform's number of a second upload.
    """
    if (split := split_ending(filename)) is None:
        return Guess(())
    stem = split[0]
    if stem in lessons:
        return Guess((stem,), is_exact=True)
    if (first := _UPLOADED_AGAIN.sub("", stem)) in lessons:
        return Guess((first,), is_exact=True)
    squashed = squash(_COPY.sub("", stem))
    names = {lesson: squash(lesson) for lesson in lessons}
    inside = [lesson for lesson, name in names.items() if name and name in squashed]
    # A name inside another fitting name does not count: `attention` in `selfattention`.
    longest = [
        lesson
        for lesson in inside
        if not any(names[lesson] in names[other] != names[lesson] for other in inside)
    ]
    if longest:
        return Guess(tuple(longest))
    close = difflib.get_close_matches(squashed, list(names.values()), n=2, cutoff=_CLOSE)
    return Guess(tuple(lesson for lesson, name in names.items() if name in close))


def is_similar(filename: str, lesson: str, lessons: Sequence[str]) -> bool:
    """Whether a file could be meant for a lesson, whatever its ending."""
    if split_ending(filename) is not None:
        return lesson in guess_lesson(filename, lessons).lessons
    return squash(lesson) in squash(filename)


def squash(name: str) -> str:
    """Letters and digits alone, in small letters."""
    plain = unicodedata.normalize("NFKC", name[:_LONGEST]).casefold()
    return "".join(character for character in plain if character.isalnum())
