"""Reads folders of lesson files: only regular files, and never through a link."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice

from grader.errors import GraderError, IntakeError, reason_in_words
from grader.submissions.found_files import (
    FoundFile,
    folder_in_place_of_a_file,
    folders_like_files,
    is_hidden,
    is_ignored_folder,
    problem_of_place,
)
from grader.text import clean, clean_name
from grader.text.wording import kind_in_words, size_in_words

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
class Folder:
    """A folder that is held open, so that replacing a part of its path by a link is harmless."""

    prefix: str  # "" when `fd` is there
    fd: int | None

    def entries(self, limit: int | None = None) -> list[str]:
        """The names of the visible entries among the first `limit`, in no order."""
        try:
            with os.scandir(self.prefix if self.fd is None else self.fd) as listing:
                return [entry.name for entry in islice(listing, limit) if not is_hidden(entry.name)]
        except OSError as error:
            raise _unreadable("the folder", error) from error

    def mode(self, name: str) -> int:
        """``st_mode`` of an entry, links not followed; 0 when it cannot be had."""
        info = self.stat(name)
        return info.st_mode if info else 0

    def stat(self, name: str) -> os.stat_result | None:
        """What is known of an entry, links not followed; None if that cannot be had."""
        try:
            return self._stat(name)
        except OSError:
            return None  # reading it will say why

    def has(self, name: str) -> bool:
        """Whether there is an entry of this name, of any kind."""
        return self.stat(name) is not None

    def files(self, limit: int) -> Iterator[FoundFile]:
        """The files in this folder and the folders in it, the nearest first.

        Folders that tools make are not looked into, and no link is followed. A file can be read
        as long as this folder is held open; its folders are opened anew for that.

        Args:
            limit: how many entries are looked at; what says so comes after the last.
        """
        left = limit
        below: list[tuple[str, ...]] = [()]
        for above in below:  # grows meanwhile
            try:
                with self._enter_all(above) as folder:
                    names = sorted(folder.entries(limit=left + 1))
                    modes = [(name, folder.stat(name)) for name in names[:left]]
            except IntakeError as error:
                yield FoundFile(above, (), self.reader(above), str(error))
                continue
            for name, info in modes:
                parts = (*above, name)
                kind = kind_in_words(info.st_mode) if info else None  # reading it will say
                if info and stat.S_ISDIR(info.st_mode):
                    if is_ignored_folder(name):
                        continue
                    if any(folders_like_files([name])):
                        yield folder_in_place_of_a_file(parts)
                    if problem := problem_of_place((*parts, "")):
                        yield FoundFile(parts, (), self.reader(parts), problem)
                    else:
                        below.append(parts)
                    continue
                problem = f"is {kind}; hand in the file itself" if kind else None
                changed = (info.st_mtime_ns,) if info else ()
                yield FoundFile(parts, changed, self.reader(parts), problem)
            left -= len(modes)
            if len(names) > len(modes):
                problem = f"and what comes after it was not looked at: more than {limit} files"
                yield FoundFile((*above, names[len(modes)]), (), self.reader(above), problem)
                return

    def reader(self, parts: tuple[str, ...]) -> Callable[[int], bytes]:
        """A function that reads the file at a path below this folder."""

        def read(cap: int) -> bytes:
            with self._enter_all(parts[:-1]) as folder:
                return folder.read(parts[-1], cap)

        return read

    @contextmanager
    def _enter_all(self, parts: tuple[str, ...]) -> Iterator[Folder]:
        with ExitStack() as stack:
            folder = self
            for part in parts:
                folder = stack.enter_context(folder.enter(part))
            yield folder

    def read(self, filename: str, cap: int) -> bytes:
        """All bytes of a file. Never blocks, follows a link or reads past `cap` + 1 bytes."""
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
