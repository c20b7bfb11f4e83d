"""Zip archives of lesson files, read with suspicion.

An archive is read in memory and never extracted to disk. A fault in one file costs that lesson;
a fault of the archive as a whole is an IntakeError.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from grader.errors import IntakeError
from grader.submissions.folders import LessonFile, is_hidden
from grader.text import clean
from grader.text.wording import kind_in_words, size_in_words

MAX_ARCHIVE_BYTES = 64 * 2**20
MAX_MEMBERS = 1_000
MAX_UNPACKED_BYTES = 128 * 2**20  # all lesson files of one archive together

# Counted before zipfile makes an object of every entry. Generous, since an archive inside the
# archive has such signatures too; the exact count is checked afterwards.
_MAX_SIGNATURES = 20 * MAX_MEMBERS
_CENTRAL_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER_BYTES = 30

# Only what every system's own "compress" command writes. zipfile unpacks bzip2 and LZMA without a
# limit on the output, so that a megabyte of either could fill the memory of this process.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # password, strong encryption, hidden directory

_DRIVE = re.compile(r"[A-Za-z]:")
_NOT_BELOW = re.compile(r"[\\\0]|^[A-Za-z]:|^/|(?:^|/)\.\.(?:/|\Z)")


class SeveralFolders(IntakeError):
    """An archive with lesson files in several folders, none of which has precedence."""

    def __init__(self, label: str, folders: Iterable[str]) -> None:
        self.folders = ", ".join(clean(name, 40) for name in sorted(folders)[:3])
        super().__init__(
            f"{label} holds lesson files in several folders ({self.folders}); "
            "put the ones that count at the top"
        )


class Archive:
    """The lesson files in a zip, at its top or in the one folder that was zipped."""

    def __init__(self, data: bytes, label: str, filenames: Collection[str]) -> None:
        """Read the table of contents of `data`, and keep only entries named in `filenames`.

        Messages call the archive `label`. Raises IntakeError if it cannot be read.
        """
        self._label = label
        self._left = MAX_UNPACKED_BYTES
        with in_words(f"{label} is not a zip archive that can be read; zip the files again"):
            refuse_crowds(data, label)
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
            if len(members) > MAX_MEMBERS:
                raise _too_many_members(label)
            self._overlapping = overlapping(members, self._zip.start_dir)
        self._others: list[str] = []
        self._climbing: dict[str, str] = {}  # lesson file → the path that it claims
        folders = self._sort(members, filenames)
        if "" not in folders and len(folders) > 1:
            raise SeveralFolders(label, folders)
        # Files at the top win; else whatever the one folder holds.
        self._members = folders.get("") or next(iter(folders.values()), {})

    def _sort(
        self, members: list[zipfile.ZipInfo], filenames: Collection[str]
    ) -> dict[str, dict[str, list[tuple[zipfile.ZipInfo, bool]]]]:
        """Top folder ("" for none) → lesson file → its entries, each with "is it a folder?"."""
        folders: dict[str, dict[str, list[tuple[zipfile.ZipInfo, bool]]]] = {}
        for info in members:
            # The name as stored: zipfile cuts `filename` at a NUL and, on Windows, turns
            # backslashes, which would hide just what is looked for here.
            name = info.orig_filename
            parts = [part for part in name.split("/") if part not in ("", ".")]
            if is_unsafe(name):
                last = _DRIVE.sub("", re.split(r"[/\\]", name.partition("\0")[0])[-1])
                if last in filenames:
                    self._climbing[last] = name
                continue
            if not parts or any(is_hidden(part) for part in parts):
                continue
            depth = next((i for i, part in enumerate(parts[:2]) if part in filenames), None)
            if depth is None:
                if not name.endswith("/"):
                    self._others.append("/".join(parts))
                continue
            top = parts[0] if depth else ""
            is_folder = name.endswith("/") or len(parts) > depth + 1
            entries = folders.setdefault(top, defaultdict(list))
            entries[parts[depth]].append((info, is_folder))
        return folders

    def look(self, filename: str) -> LessonFile | None:
        """See :class:`Place`; decided by the table of contents, without unpacking."""
        if filename in self._climbing:
            path = clean(self._climbing[filename], 80)
            problem = f"{filename} has an unsafe path in {self._label} ({path})"
            return LessonFile(filename, (), f"{problem}; zip the files again, without paths")
        entries = self._members.get(filename)
        if not entries:
            return None
        info, _ = entries[0]
        return LessonFile(filename, tuple(info.date_time), self._problem(filename))

    def _problem(self, filename: str) -> str | None:
        entries = self._members[filename]
        info, _ = entries[0]
        if any(is_folder for _, is_folder in entries):
            return f"{filename} is a folder; hand in the file itself"
        if len(entries) > 1:
            return f"{filename} is in {self._label} {len(entries)} times; leave only one"
        if problem := unusual_member(info, self._label):
            return f"{filename} {problem}"
        if info.orig_filename in self._overlapping:
            return f"{filename} shares its bytes with another file in {self._label}; zip it again"
        return None

    def read(self, filename: str, cap: int) -> bytes:
        """See :class:`Place`; for a file that :meth:`look` found without a problem."""
        info, _ = self._members[filename][0]
        if info.file_size > cap:
            raise IntakeError(f"{filename} is larger than {size_in_words(cap)}")
        if info.file_size > self._left:
            raise IntakeError(
                f"{filename} is too large: the lesson files in {self._label} add up to more than "
                f"{size_in_words(MAX_UNPACKED_BYTES)}"
            )
        with (
            in_words(f"{filename} is damaged in {self._label}; zip the files again"),
            self._zip.open(info) as member,
        ):
            data = member.read(cap + 1)  # stops a bomb whose declared size is a lie
        if len(data) > cap:
            raise IntakeError(f"{filename} is larger than {size_in_words(cap)}")
        self._left -= len(data)
        return data

    def others(self) -> list[str]:
        """The paths of the visible files that are no lesson's."""
        return self._others

    def deeper(self, filenames: Collection[str]) -> list[str]:
        """Where a class could be: folders with lesson files, and archives; [] for one student."""
        if self._members:
            return []
        split = [path.rpartition("/") for path in self._others]
        folders = {folder for folder, _, name in split if name in filenames}
        return sorted(folders) + [path for path in self._others if path.lower().endswith(".zip")]


def refuse_crowds(data: bytes, label: str) -> None:
    """Raise IntakeError if an archive may hold so many files that reading their list is costly."""
    if data.count(_CENTRAL_ENTRY) > _MAX_SIGNATURES:
        raise _too_many_members(label)


def is_unsafe(name: str) -> bool:
    """Whether a stored name could lead out of the folder into which some system unpacks it."""
    return _NOT_BELOW.search(name) is not None


def unusual_member(info: zipfile.ZipInfo, label: str) -> str | None:
    """Why a file of an archive cannot be read, and what to do; None for an ordinary file."""
    mode = info.external_attr >> 16  # 0 where the zipping system knows no modes
    if stat.S_IFMT(mode) and (kind := kind_in_words(mode)):
        return f"is {kind}; hand in the file itself"
    if info.flag_bits & _ENCRYPTED:
        return f"is encrypted in {label}; zip it without a password"
    if info.compress_type not in _METHODS:
        return "is compressed in an unusual way; zip it with your system's own tool"
    return None


def overlapping(members: list[zipfile.ZipInfo], directory_start: int) -> set[str]:
    """Stored names of the members that share bytes with another: the mark of a bomb."""
    overlapping: set[str] = set()
    furthest, owner = 0, ""  # where the members so far end, and the one that ends there
    for info in sorted(members, key=lambda info: info.header_offset):
        # The local header is at least this long; its exact length does not matter here.
        end = info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size
        if info.header_offset < furthest:
            overlapping |= {owner, info.orig_filename}
        if end > directory_start:
            overlapping.add(info.orig_filename)
        if end > furthest:
            furthest, owner = end, info.orig_filename
    return overlapping


def _too_many_members(label: str) -> IntakeError:
    return IntakeError(f"{label} holds more than {MAX_MEMBERS} files; zip only the lesson files")


@contextmanager
def in_words(reason: str) -> Iterator[None]:
    """Turn every exception of reading a crafted archive into an IntakeError that says `reason`.

    There are many, because zipfile does not check what it reads. Depending on the field that was
    tampered with, it raises BadZipFile, or else struct, zlib, the decoding of a name, a seek to a
    negative or huge offset or an allocation of a made-up size fails.
    """
    try:
        yield
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        ValueError,  # and UnicodeDecodeError
        IndexError,
        OverflowError,
        MemoryError,
        RuntimeError,  # and NotImplementedError
    ) as error:
        raise IntakeError(reason) from error
