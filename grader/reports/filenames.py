"""A file name for each student: the student's own name, as far as every file system allows it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_MAX_BYTES: Final = 120
_SAFE: Final = re.compile(r"[\w](?:[\w .,'()-]*[\w)])?")
_UNSAFE: Final = re.compile(r"[^\w,'()-]+")

#: What Windows takes for a device, with any ending.
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def filenames(students: Iterable[str], ending: str) -> dict[str, str]:
    """A file name for each student; no file system takes two of them for the same.

    An ordinary name stays as it is. Another one loses what is not safe in a path and gets some
    digits of its hash, so that a student has the same file name in every run.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    # Names that need no repair go first, so that they stay as they are.
    for student in sorted(students, key=lambda name: (not _is_safe(name), name)):
        stem = student if _is_safe(student) else ""
        seed = student.encode("utf-8", "surrogatepass")
        while not stem or _folded(stem) in taken:  # again if somebody has that name
            seed = hashlib.sha256(seed).digest()
            digits = seed.hex()[:16]
            stem = f"{_cut(_UNSAFE.sub('-', student).strip('-'))}-{digits}".lstrip("-")
        taken.add(_folded(stem))
        names[student] = stem + ending
    return names


def is_device_name(filename: str) -> bool:
    """Whether Windows takes a file of this name for a device."""
    return _DEVICES.fullmatch(filename) is not None


def _is_safe(name: str) -> bool:
    fits = len(name.encode("utf-8", "surrogatepass")) <= _MAX_BYTES
    plain = unicodedata.is_normalized("NFC", name)
    return fits and plain and bool(_SAFE.fullmatch(name)) and not is_device_name(name)


def _folded(stem: str) -> str:
    """The same text for all names that some file system cannot tell apart."""
    return unicodedata.normalize("NFKC", stem).casefold()


def _cut(stem: str) -> str:
    return stem.encode("utf-8", "ignore")[:_MAX_BYTES].decode("utf-8", "ignore")
