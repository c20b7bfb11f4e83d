"""Folders of lesson files, read with suspicion: nothing but regular files, and no link followed."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from grader.errors import GraderError, IntakeError, reason_in_words
from grader.text import clean, clean_name
from grader.text.wording import kind_in_words, size_in_words

#: The endings of a lesson's file. If both files are there and equally old, the first counts.
ENDINGS = (".py", ".ipynb")

# Windows cannot hold folders open; paths are joined there instead.
_HOLDS_FOLDERS_OPEN = {os.open, os.stat} <= os.supports_dir_fd and os.scandir in os.supports_fd
_NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_CLOEXEC: int = getattr(os, "O_CLOEXEC", 0)
_OPEN_FOLDER: int = os.O_RDONLY | _CLOEXEC | getattr(os, "O_DIRECTORY", 0)
_OPEN_FILE: int = os.O_RDONLY | _CLOEXEC | _NO_FOLLOW | getattr(os, "O_BINARY", 0)
# A pipe that takes a file's place between two calls must not block us, nor a terminal adopt us.
_OPEN_FILE |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)

# Faults of this machine, not of a student: the run stops.
_OUR_TROUBLE = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)


@dataclass(frozen=True, slots=True)
class LessonFile:
    """What has a lesson file's name: a file that can be read, or something with a problem."""

    filename: str
    changed: tuple[int, ...]  # the time; compares with other files of the same place
    problem: str | None = None  # why it cannot be read, in words; None for a regular file


class Place(Protocol):
    """Where one student's lesson files are: a folder or an archive."""

    def look(self, filename: str) -> LessonFile | None:
        """What has this name, without opening it; None if nothing has."""

    def read(self, filename: str, cap: int) -> bytes:
        """All bytes of a regular file. Raises IntakeError if it is larger or cannot be read."""

    def others(self) -> list[str]:
        """Names of visible files, for a hint to the instructor; not necessarily all."""


def is_hidden(name: str) -> bool:
    """Whether systems make files of this name, which nobody means to hand in."""
    return name.startswith(".") or name in ("__MACOSX", "__pycache__")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is held open, so that replacing a part of its path by a link is harmless."""

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
        """The visible ones among the first 1,000 entries, sorted: a folder may hold millions."""
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

    def look(self, filename: str) -> LessonFile | None:
        """See :class:`Place`; links are not followed."""
        try:
            info = self._stat(filename)
        except FileNotFoundError:
            return None
        except OSError as error:
            return LessonFile(filename, (), str(_unreadable(filename, error)))
        kind = kind_in_words(info.st_mode)
        problem = f"{filename} is {kind}; hand in the file itself" if kind else None
        return LessonFile(filename, (info.st_mtime_ns,), problem)

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
    """The folder at `path`, which may be a link. Raises IntakeError if it cannot be opened."""
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
