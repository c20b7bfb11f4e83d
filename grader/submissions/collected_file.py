"""``collected.json``: what `grader collect` has put into a submissions folder.

From it, a second run knows which files an earlier run wrote, which attempts they were, and what
was late. Other programs may read it; format version 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from grader.errors import GraderError, reason_in_words
from grader.files import write_whole
from grader.text import clean_name

COLLECTED_FILE: Final = "collected.json"


class CollectedLesson(msgspec.Struct, frozen=True):
    """One lesson of one student."""

    file: str  # its name in the student's folder
    original: str  # its path in the download
    sha256: str  # of its bytes
    attempt: tuple[int, ...] = ()  # the larger one of two was handed in later
    late: bool | None = None  # None: the platform does not say
    submitted: str | None = None  # ISO 8601, or the platform's own words
    is_guess: bool = False  # the file had another name, similar to the lesson's


class CollectedStudent(msgspec.Struct):
    """One student."""

    name: str  # on the platform or the roster
    ids: list[str] = []  # on the platform or the roster
    lessons: dict[str, CollectedLesson] = {}
    kinds: dict[str, str] = {}  # id → what it is: "canvas", "student id", "email", …


class Collected(msgspec.Struct):
    """The file as a whole; students by their folders."""

    format_version: int = 1
    students: dict[str, CollectedStudent] = {}


def load_collected(folder: Path) -> Collected:
    """The content of the file; empty if there is none.

    Raises:
        GraderError: the file cannot be read, or has another format.
    """
    path = folder / COLLECTED_FILE
    try:
        collected = msgspec.json.decode(path.read_bytes(), type=Collected)
    except FileNotFoundError:
        return Collected()
    except OSError as error:
        raise GraderError(
            f"{clean_name(str(path))} cannot be read: {reason_in_words(error)}"
        ) from error
    except msgspec.DecodeError as error:
        raise GraderError(
            f"{clean_name(str(path))} is damaged ({error}). Move it away: files that are there "
            "already are then kept as they are."
        ) from None
    if collected.format_version != 1:
        raise GraderError(
            f"{clean_name(str(path))} was written by another version of the grader (format "
            f"{collected.format_version}); collect into another folder"
        )
    return collected


def save_collected(folder: Path, collected: Collected) -> None:
    """Write the file. Raises GraderError when that fails."""
    text = msgspec.json.format(msgspec.json.encode(collected, order="sorted"), indent=1)
    write_whole(folder / COLLECTED_FILE, [text.decode(), "\n"])
