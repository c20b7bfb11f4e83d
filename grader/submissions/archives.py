"""Where lesson files come from: folders and zip archives, both read with suspicion.

A :class:`Folder` opens nothing but regular files, and an :class:`Archive` is read in memory;
nothing is ever extracted to disk. What is wrong with one file costs that lesson; what is wrong
with the place as a whole is an IntakeError.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from grader.errors import GraderError, IntakeError, reason_in_words
from grader.text import clean, clean_name
from grader.text.wording import kind_in_words, size_in_words

#: Of a lesson's file. The first wins when both are there and equally old.
ENDINGS = (".py", ".ipynb")

MAX_ARCHIVE_BYTES = 64 * 2**20
MAX_MEMBERS = 1_000
MAX_UNPACKED_BYTES = 128 * 2**20  # all lesson files of one archive together

# Looked for before zipfile makes an object of every entry. Generous, since an archive inside the
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

# Where folders cannot be held open (Windows), paths are joined instead.
_HOLDS_FOLDERS_OPEN = {os.open, os.stat} <= os.supports_dir_fd and os.scandir in os.supports_fd
_NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_CLOEXEC: int = getattr(os, "O_CLOEXEC", 0)
_OPEN_FOLDER: int = os.O_RDONLY | _CLOEXEC | getattr(os, "O_DIRECTORY", 0)
_OPEN_FILE: int = os.O_RDONLY | _CLOEXEC | _NO_FOLLOW | getattr(os, "O_BINARY", 0)
# A pipe that takes a file's place between two calls must not block us, nor a terminal adopt us.
_OPEN_FILE |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)

# This machine's trouble; no student is to blame, so the run stops instead.
_OUR_TROUBLE = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)


@dataclass(frozen=True, slots=True)
class Found:
    """Something in a lesson file's place."""

    filename: str
    changed: tuple[int, ...]  # when; compares with another file of the same place
    problem: str | None = None  # why it cannot be read, in words; None for a regular file


class Place(Protocol):
    """Where one student's lesson files are: a folder or an archive."""

    def look(self, filename: str) -> Found | None:
        """What is in the place of `filename`, without opening it; None for nothing."""

    def read(self, filename: str, cap: int) -> bytes:
        """All bytes of a regular file; IntakeError when there are more than `cap`, or none."""

    def others(self) -> list[str]:
        """Names of visible files, for a hint to the instructor; not necessarily all."""


def is_hidden(name: str) -> bool:
    """Whether a file name is one that people do not mean to hand in."""
    return name.startswith(".") or name in ("__MACOSX", "__pycache__")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is held open: swapping a part of its path for a link changes nothing."""

    prefix: str  # "" when `fd` is there
    fd: int | None

    def entries(self, limit: int | None = None) -> list[str]:
        """The names of the visible entries among the first `limit`, in no order."""
        try:
            with os.scandir(self.prefix if self.fd is None else self.fd) as listing:
                return [it.name for it in islice(listing, limit) if not is_hidden(it.name)]
        except OSError as error:
            raise _unreadable("the folder", error) from error

    def others(self) -> list[str]:
        """Some visible entries, sorted; not all, since a folder may hold millions."""
        try:
            return sorted(self.entries(limit=1_000))
        except IntakeError:  # a folder that may be entered but not listed: no hint, then
            return []

    def mode(self, name: str) -> int:
        """``st_mode`` of an entry, links not followed; 0 when it cannot be had."""
        try:
            return self._stat(name).st_mode
        except OSError:
            return 0  # reading it will say why

    def look(self, filename: str) -> Found | None:
        """See :class:`Place`; links are not followed."""
        try:
            info = self._stat(filename)
        except FileNotFoundError:
            return None
        except OSError as error:
            return Found(filename, (), str(_unreadable(filename, error)))
        kind = kind_in_words(info.st_mode)
        problem = f"{filename} is {kind}; hand in the file itself" if kind else None
        return Found(filename, (info.st_mtime_ns,), problem)

    def read(self, filename: str, cap: int) -> bytes:
        """See :class:`Place`. Never blocks, follows a link or reads more than `cap` + 1 bytes."""
        label = clean_name(filename)
        fd = -1
        try:
            before = self._stat(filename)  # opening a device can have effects, so look first
            if kind := kind_in_words(before.st_mode):
                raise IntakeError(f"{label} is {kind}; hand in the file itself")
            fd = os.open(self.prefix + filename, _OPEN_FILE, dir_fd=self.fd)
            info = os.fstat(fd)
            if not stat.S_ISREG(info.st_mode) or (not _NO_FOLLOW and info.st_ino != before.st_ino):
                raise IntakeError(f"{label} changed while it was read; hand it in again")
            if info.st_size > cap:
                raise IntakeError(f"{label} is larger than {size_in_words(cap)}")
            data = bytearray()
            while len(data) <= cap and (chunk := os.read(fd, min(cap + 1 - len(data), 2**20))):
                data += chunk
        except OSError as error:
            raise _unreadable(label, error) from error
        finally:
            if fd >= 0:
                os.close(fd)
        if len(data) > cap:  # it grew
            raise IntakeError(f"{label} is larger than {size_in_words(cap)}")
        return bytes(data)

    @contextmanager
    def enter(self, name: str) -> Iterator[Folder]:
        """A folder in this one, held open meanwhile; never through a link."""
        if self.fd is None:
            if not stat.S_ISDIR(self.mode(name)):
                raise IntakeError(f"{clean_name(name)} is not a folder any more")
            yield Folder(self.prefix + name + os.sep, None)
            return
        try:
            fd = os.open(name, _OPEN_FOLDER | _NO_FOLLOW, dir_fd=self.fd)
        except OSError as error:
            raise _unreadable(clean_name(name), error) from error
        try:
            yield Folder("", fd)
        finally:
            os.close(fd)

    def _stat(self, name: str) -> os.stat_result:
        return os.stat(self.prefix + name, dir_fd=self.fd, follow_symlinks=False)


@contextmanager
def hold_open(path: str) -> Iterator[Folder]:
    """The folder at `path`, where links count. Raises IntakeError when it cannot be opened."""
    if not _HOLDS_FOLDERS_OPEN:
        yield Folder(path + os.sep, None)
        return
    try:
        fd = os.open(path, _OPEN_FOLDER)
    except OSError as error:
        raise _unreadable(clean(path), error) from error
    try:
        yield Folder("", fd)
    finally:
        os.close(fd)


def _unreadable(label: str, error: OSError) -> GraderError:
    if error.errno in _OUR_TROUBLE:
        return GraderError(
            f"{label} could not be read: {reason_in_words(error)}. Free some, and run again."
        )
    if error.errno == errno.ELOOP:
        return IntakeError(f"{label} is a symbolic link; hand in the file itself")
    return IntakeError(f"{label} cannot be read: {reason_in_words(error)}")


class SeveralFolders(IntakeError):
    """An archive in which no folder's lesson files count before the others'."""

    def __init__(self, label: str, folders: Iterable[str]) -> None:
        self.folders = ", ".join(clean(name, 40) for name in sorted(folders)[:3])
        super().__init__(
            f"{label} holds lesson files in several folders ({self.folders}); "
            "put the ones that count at the top"
        )


class Archive:
    """The lesson files in a zip, at its top or in the one folder that was zipped."""

    def __init__(self, data: bytes, label: str, filenames: Collection[str]) -> None:
        """Read the table of contents of `data`, looking for `filenames` only.

        `label` is what messages call the archive. Raises IntakeError when it cannot be read.
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

    def look(self, filename: str) -> Found | None:
        """See :class:`Place`; decided by the table of contents, without unpacking."""
        if filename in self._climbing:
            path = clean(self._climbing[filename], 80)
            problem = f"{filename} has an unsafe path in {self._label} ({path})"
            return Found(filename, (), f"{problem}; zip the files again, without paths")
        entries = self._members.get(filename)
        if not entries:
            return None
        info, _ = entries[0]
        return Found(filename, tuple(info.date_time), self._problem(filename))

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
        """Folders with lesson files, and archives, that lie where a student's do not."""
        if self._members:
            return []
        split = [path.rpartition("/") for path in self._others]
        folders = {folder for folder, _, name in split if name in filenames}
        return sorted(folders) + [path for path in self._others if path.lower().endswith(".zip")]


def refuse_crowds(data: bytes, label: str) -> None:
    """Raise IntakeError if an archive could hold so many files that reading their list hurts."""
    if data.count(_CENTRAL_ENTRY) > _MAX_SIGNATURES:
        raise _too_many_members(label)


def is_unsafe(name: str) -> bool:
    """Whether a stored name could point out of the folder that some system unpacks it to."""
    return _NOT_BELOW.search(name) is not None


def unusual_member(info: zipfile.ZipInfo, label: str) -> str | None:
    """What keeps a file of an archive from being read, and what to do; None for an ordinary one."""
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
    furthest, owner = 0, ""  # how far the members so far reach, and which one reaches there
    for info in sorted(members, key=lambda info: info.header_offset):
        # The local header is at least this long; its exact length is no matter here.
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
    """Turn whatever reading a crafted archive can raise into an IntakeError that says `reason`.

    The tuple is wide because zipfile does not check what it reads: depending on which field was
    tampered with, the failure is its own BadZipFile, or comes from struct, zlib, the decoding of
    a name, a seek to a negative or huge offset, or an allocation of a size that was made up.
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
