"""One file of a hand-in, in a folder or in an archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from grader.errors import IntakeError
from grader.text import clean_name

#: The endings of a lesson's file. If both files are there and equally old, the first counts.
ENDINGS: Final = (".py", ".ipynb")

#: How many folders may lie in one another.
MAX_DEPTH: Final = 12

#: Longer than any file system takes; an archive can hold longer ones.
_MAX_NAME: Final = 1_000

#: Folders that tools make, in small letters. What lies in them is nobody's homework.
_TOOLS: Final = frozenset(
    ("__macosx", "__pycache__", "venv", "env", "site-packages", "node_modules")
)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file; nothing of it has been read."""

    parts: tuple[str, ...]  # its path, the name last; an archive counts as a folder
    changed: tuple[int, ...]  # the time; compares with other files of the same place
    read: Callable[[int], bytes]  # the whole file; IntakeError if it has more bytes than that
    problem: str | None = None  # why it cannot be read: "is a symbolic link; …"

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.parts[-1]

    @property
    def shown(self) -> str:
        """The path for messages, cleaned."""
        return clean_name("/".join(self.parts))


def is_hidden(name: str) -> bool:
    """Whether files of this name are made by systems, and not handed in on purpose."""
    return name.startswith(".") or name in ("__MACOSX", "__pycache__")


def is_ignored(parts: tuple[str, ...]) -> bool:
    """Whether a file is hidden, or lies in a folder that is never looked into."""
    return is_hidden(parts[-1]) or any(map(is_ignored_folder, parts[:-1]))


def is_ignored_folder(name: str) -> bool:
    """Whether a folder of this name is never looked into."""
    return is_hidden(name) or name.casefold() in _TOOLS


def problem_of_place(parts: tuple[str, ...]) -> str | None:
    """What is wrong with a path in an archive; None if nothing is."""
    if len(parts) > MAX_DEPTH:
        return "lies too deep; not looked into"
    if any(len(part) > _MAX_NAME for part in parts):
        return "has a name that is too long; give it a shorter one"
    return None


def folders_like_files(parts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The folders on a path that are called like a lesson's file."""
    path: tuple[str, ...] = ()
    for part in parts:
        path = (*path, part)
        if part[-_MAX_NAME:].lower().endswith(ENDINGS):
            yield path


def folder_in_place_of_a_file(parts: tuple[str, ...]) -> FoundFile:
    """A record of a folder that has the name of a lesson's file."""

    def read(cap: int) -> bytes:
        raise IntakeError(f"{clean_name(parts[-1])} is a folder, and has no {cap} bytes to read")

    return FoundFile(parts, (), read, "is a folder; hand in the file itself")
