"""Which lesson a file is for, if its name is only similar to a lesson's."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from grader.submissions.folders import ENDINGS

#: What systems add to a second file of the same name: ``report-1.py``, ``report (1).py``.
_COPY: Final = re.compile(r"(?:-\d{1,3}|\s*\(\d{1,3}\)|\s+\d{1,3})$")

_CLOSE: Final = 0.84  # one letter of six wrong or missing


@dataclass(frozen=True, slots=True)
class Guess:
    """The lessons that a file's name fits."""

    lessons: tuple[str, ...]  # usually one; none or several if the name is ambiguous
    is_exact: bool = False


def guess_lesson(filename: str, lessons: Sequence[str]) -> Guess:
    """The lesson that a file with this name is for.

    A guess is exact for the lesson's own name, also with a platform's number of a second upload.
    """
    path = PurePosixPath(filename)
    stem, ending = path.stem, path.suffix.lower()
    if ending not in ENDINGS:
        return Guess(())
    if stem in lessons:
        return Guess((stem,), is_exact=True)
    if (first := re.sub(r"-\d{1,3}$", "", stem)) in lessons:
        return Guess((first,), is_exact=True)
    squashed = _squash(_COPY.sub("", stem))
    names = {lesson: _squash(lesson) for lesson in lessons}
    inside = [lesson for lesson, name in names.items() if name and name in squashed]
    # A name inside another fitting name does not count: `attention` in `selfattention`.
    longest = [it for it in inside if not any(names[it] in names[o] != names[it] for o in inside)]
    if longest:
        return Guess(tuple(longest))
    close = difflib.get_close_matches(squashed, list(names.values()), n=2, cutoff=_CLOSE)
    return Guess(tuple(lesson for lesson, name in names.items() if name in close))


def _squash(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name[:300]).casefold()
    return re.sub(r"[\W_]", "", plain)
