"""Files that a program reads and writes in its folders: they live in its memory.

These are its working folder, or the folder that a check shares with it. So a program can write
files at every level of isolation, and none is left. What is not there is looked for on disk, where
the data files of the course are.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import stat
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from numpy.lib import _datasource

MOST_BYTES: Final = 4 * 2**20  # of all files together
MOST_FILES: Final = 100

#: The parameters of `open` behind the mode.
_TEXT_OPTIONS: Final = ("buffering", "encoding", "errors", "newline")


class MemoryFiles:
    """The files of a program below some folders, by their absolute paths."""

    def __init__(self, *roots: str) -> None:
        """Start without files.

        Args:
            roots: absolute; what a program opens elsewhere is on disk.
        """
        self._roots = [os.path.normpath(root) for root in roots]
        self._here = ""
        self._given: dict[str, bytes] = {}
        self._given_folders: set[str] = set()
        self._files: dict[str, io.BytesIO] = {}
        self._folders: set[str] = set()
        self._opened: list[Any] = []
        self._on_disk: dict[str, Any] = {}

    def put(
        self,
        root: str,
        files: Mapping[str, str | bytes],
        folders: Iterable[str] = (),
        here: str = "",
    ) -> None:
        """Let the files below a folder be these.

        Args:
            root: one of the roots.
            files: their contents, by their paths from there; texts become UTF-8.
            folders: the folders that are there, too.
            here: the working folder, if it is not the process's.
        """
        root = os.path.normpath(root)
        self._here = here
        self._given = {
            os.path.normpath(os.path.join(root, name)): content.encode()
            if isinstance(content, str)
            else content
            for name, content in files.items()
        }
        self._given_folders = {
            os.path.normpath(os.path.join(root, folder)) for folder in (".", *folders)
        }
        self._files = {path: io.BytesIO(content) for path, content in self._given.items()}
        self._folders = set(self._given_folders)

    def install(self) -> None:
        """Let `open`, and what looks at files by their names, find them."""
        ours = {
            "stat": self._stat, "lstat": self._stat, "listdir": self._listdir,
            "scandir": self._scandir, "remove": self._remove, "unlink": self._remove,
            "mkdir": self._mkdir, "rmdir": self._rmdir, "rename": self._rename,
            "replace": self._rename, "chmod": self._chmod,
        }  # fmt: skip
        self._on_disk = {name: getattr(os, name) for name in ours}
        self._on_disk["open"] = io.open
        vars(builtins)["open"] = vars(io)["open"] = self.open
        vars(os).update(ours)
        with suppress(KeyError):  # what numpy's functions for texts open files with
            vars(vars(_datasource)["_file_openers"])["_file_openers"][None] = self.open

    def written(self, root: str) -> dict[str, str | bytes]:
        """What the program has written below a folder, by path from there: a text if it is one."""
        self._flush()
        contents = {path: file.getvalue() for path, file in self._files.items()}
        changed = {
            path: content for path, content in contents.items() if self._given.get(path) != content
        }
        return {os.path.relpath(path, root): _as_text(content) for path, content in changed.items()}

    def removed(self, root: str) -> list[str]:
        """The files and folders that it has removed."""
        gone = {*self._given, *self._given_folders} - {*self._files, *self._folders}
        return [os.path.relpath(path, root) for path in gone]

    def made(self, root: str) -> list[str]:
        """The folders that it has made."""
        return [os.path.relpath(path, root) for path in self._folders - self._given_folders]

    def _flush(self) -> None:
        for file in self._opened:
            with suppress(ValueError, OSError):  # it is closed
                file.flush()

    def room(self) -> int:
        """How many bytes may still be written."""
        return MOST_BYTES - sum(len(file.getbuffer()) for file in self._files.values())

    def open(self, file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        """Open a file of the program; any other one as Python does."""
        path = self._own(file)
        kind = mode.replace("b", "").replace("t", "")
        is_there = path in self._files
        if path is None or (kind[:1] == "r" and not is_there):
            return self._on_disk["open"](file, mode, *args, **kwargs)
        if kind[:1] == "x" and is_there:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
        if path in self._all_folders():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        if not is_there:
            self._files[path] = self._new(path)
        if kind[:1] == "w":
            self._files[path].seek(0)
            self._files[path].truncate()
        opened: Any = _Open(self, path, self._files[path], kind)
        if "b" not in mode:
            given: dict[str, Any] = {**dict(zip(_TEXT_OPTIONS, args, strict=False)), **kwargs}
            opened = io.TextIOWrapper(
                opened, given.get("encoding") or "utf-8", given.get("errors"), given.get("newline")
            )
        self._opened.append(opened)
        return opened

    def _new(self, path: str) -> io.BytesIO:
        if len(self._files) + len(self._folders - self._given_folders) >= MOST_FILES:
            raise _no_room(path)
        return io.BytesIO()

    def _own(self, path: Any) -> str | None:
        """The absolute form of a path below one of the folders; None for any other."""
        if isinstance(path, int) or not isinstance(path, str | bytes | os.PathLike):
            return None
        full = os.path.normpath(os.path.join(self._here or os.getcwd(), os.fsdecode(path)))
        below = any(full == root or full.startswith(root + os.sep) for root in self._roots)
        return full if below else None

    def _all_folders(self) -> set[str]:
        """The folders that are there, also those that files lie in."""
        above = (path.rpartition(os.sep)[0] for path in (*self._files, *self._folders))
        folders = {*self._folders}
        for folder in above:
            while folder not in folders and self._own(folder):
                folders.add(folder)
                folder = folder.rpartition(os.sep)[0]  # noqa: PLW2901
        return folders

    def _stat(self, path: Any, *args: Any, **kwargs: Any) -> Any:
        own = self._own(path)
        now = int(time.time())
        if own in self._files:
            size = len(self._files[own].getbuffer())
            return os.stat_result((stat.S_IFREG | 0o644, 0, 0, 1, 0, 0, size, now, now, now))
        if own is not None and own in self._all_folders():
            return os.stat_result((stat.S_IFDIR | 0o755, 0, 0, 2, 0, 0, 0, now, now, now))
        return self._on_disk["stat"](path, *args, **kwargs)

    def _listdir(self, path: Any = ".") -> list[str]:
        own = self._own(path)
        try:
            names = set(self._on_disk["listdir"](path))
        except OSError:
            if own is None or own not in self._all_folders():
                raise
            names = set()
        if own is not None:
            paths = (*self._files, *self._all_folders())
            below = (path[len(own) + 1 :] for path in paths if path.startswith(own + os.sep))
            names |= {path.partition(os.sep)[0] for path in below}
        return sorted(names)

    def _scandir(self, path: Any = ".") -> Any:
        own = self._own(path)
        if own is None or own not in self._all_folders():
            return self._on_disk["scandir"](path)
        return _Entries(_Entry(os.fsdecode(path), name, self) for name in self._listdir(path))

    def _remove(self, path: Any, **kwargs: Any) -> None:
        own = self._own(path)
        if own in self._files:
            del self._files[own]
        else:
            self._on_disk["remove"](path, **kwargs)

    def _mkdir(self, path: Any, *args: Any, **kwargs: Any) -> None:
        own = self._own(path)
        if own is None:
            self._on_disk["mkdir"](path, *args, **kwargs)
        elif own in self._files or own in self._all_folders():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), own)
        else:
            self._new(own)
            self._folders.add(own)

    def _rmdir(self, path: Any, **kwargs: Any) -> None:
        own = self._own(path)
        if own not in self._folders:
            self._on_disk["rmdir"](path, **kwargs)
        elif self._listdir(path):
            raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), own)
        else:
            self._folders.remove(own)

    def _rename(self, source: Any, target: Any, **kwargs: Any) -> None:
        old, new = self._own(source), self._own(target)
        if old not in self._files or new is None:
            self._on_disk["rename"](source, target, **kwargs)
        else:
            self._files[new] = self._files.pop(old)

    def _chmod(self, path: Any, *args: Any, **kwargs: Any) -> None:
        if self._own(path) not in self._files:
            self._on_disk["chmod"](path, *args, **kwargs)


class _Entries(list[Any]):
    """What `os.scandir` gives: entries, in a block."""

    def __init__(self, entries: Iterable[Any]) -> None:
        super().__init__(entries)
        self._left = iter(self)

    def __next__(self) -> Any:
        return next(self._left)

    def __enter__(self) -> _Entries:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is open."""


class _Entry:
    """One entry of a folder."""

    def __init__(self, folder: str, name: str, files: MemoryFiles) -> None:
        self.name, self.path = name, os.path.join(folder, name)
        self._files = files

    def __fspath__(self) -> str:
        return self.path

    def stat(self, **_: object) -> Any:
        return self._files._stat(self.path)

    def is_dir(self, **_: object) -> bool:
        return stat.S_ISDIR(self.stat().st_mode)

    def is_file(self, **_: object) -> bool:
        return stat.S_ISREG(self.stat().st_mode)

    def is_symlink(self) -> bool:
        return False


class _Open(io.BufferedIOBase):
    """One file that is open; several may be open on the same content."""

    def __init__(self, files: MemoryFiles, name: str, content: io.BytesIO, kind: str) -> None:
        self._files, self.name, self._content, self.mode = files, name, content, kind
        self._at = 0

    def readable(self) -> bool:
        return self.mode[:1] == "r" or "+" in self.mode

    def writable(self) -> bool:
        return self.mode != "r"

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._content.seek(self._at)
        self._at = self._content.seek(offset, whence)
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        if not self.readable():
            raise io.UnsupportedOperation("not readable")
        self._content.seek(self._at)
        piece = self._content.read(size)
        self._at = self._content.tell()
        return piece

    def read1(self, size: int = -1) -> bytes:
        return self.read(size)

    def write(self, data: Any) -> int:
        if not self.writable():
            raise io.UnsupportedOperation("not writable")
        piece = bytes(data)
        if len(piece) > self._files.room():
            raise _no_room(self.name)
        if self.mode[:1] == "a":
            self._content.seek(0, io.SEEK_END)
        else:
            self._content.seek(self._at)
        self._content.write(piece)
        self._at = self._content.tell()
        return len(piece)

    def truncate(self, size: int | None = None) -> int:
        return self._content.truncate(self._at if size is None else min(size, MOST_BYTES))


def _no_room(name: str) -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)


def _as_text(content: bytes) -> str | bytes:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content
