"""Files that a program reads and writes in its working folder: they live in its memory.

So a program can write files at every level of isolation, and none is left. What is not there is
looked for on disk, where the data files of the course are.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

MOST_BYTES: Final = 4 * 2**20  # of all files together
MOST_FILES: Final = 100

#: The parameters of `open` behind the mode.
_TEXT_OPTIONS: Final = ("buffering", "encoding", "errors", "newline")


class MemoryFiles:
    """The files of a program, by their paths from the working folder."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        """Start with some files.

        Args:
            files: their contents; texts become UTF-8.
        """
        self._given = {
            os.path.normpath(name): it.encode() if isinstance(it, str) else it
            for name, it in files.items()
        }
        self._files: dict[str, io.BytesIO] = {
            name: io.BytesIO(content) for name, content in self._given.items()
        }
        self._opened: list[Any] = []
        self._on_disk: dict[str, Any] = {}

    def install(self) -> None:
        """Let `open`, and what looks at files by their names, find them."""
        self._on_disk = {name: getattr(os, name) for name in ("stat", "listdir", "remove")}
        self._on_disk["open"] = io.open
        vars(builtins)["open"] = vars(io)["open"] = self.open
        vars(os).update(
            stat=self._stat, listdir=self._listdir, remove=self._remove, unlink=self._remove
        )

    def written(self) -> dict[str, str | bytes]:
        """What the program has written: a text where it is one."""
        for file in self._opened:
            with suppress(ValueError, OSError):  # it is closed
                file.flush()
        contents = {name: file.getvalue() for name, file in self._files.items()}
        changed = {name: it for name, it in contents.items() if self._given.get(name) != it}
        return {name: _as_text(it) for name, it in changed.items()}

    def room(self) -> int:
        """How many bytes may still be written."""
        return MOST_BYTES - sum(len(it.getbuffer()) for it in self._files.values())

    def open(self, file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        """Open a file of the program; any other one as Python does."""
        name = _own_name(file)
        kind = mode.replace("b", "").replace("t", "")
        is_there = name in self._files
        if name is None or (kind[:1] == "r" and not is_there):
            return self._on_disk["open"](file, mode, *args, **kwargs)
        if kind[:1] == "x" and is_there:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)
        if not is_there:
            if len(self._files) == MOST_FILES:
                raise _no_room(name)
            self._files[name] = io.BytesIO()
        if kind[:1] == "w":
            self._files[name].seek(0)
            self._files[name].truncate()
        opened: Any = _Open(self, name, self._files[name], kind)
        if "b" not in mode:
            given: dict[str, Any] = {**dict(zip(_TEXT_OPTIONS, args, strict=False)), **kwargs}
            opened = io.TextIOWrapper(
                opened, given.get("encoding") or "utf-8", given.get("errors"), given.get("newline")
            )
        self._opened.append(opened)
        return opened

    def _stat(self, path: Any, *args: Any, **kwargs: Any) -> Any:
        name = _own_name(path)
        if name not in self._files:
            return self._on_disk["stat"](path, *args, **kwargs)
        size, now = len(self._files[name].getbuffer()), int(time.time())
        return os.stat_result((stat.S_IFREG | 0o644, 0, 0, 1, 0, 0, size, now, now, now))

    def _listdir(self, path: Any = ".") -> list[str]:
        try:
            found = set(self._on_disk["listdir"](path))
        except OSError:
            found = set()
        own = _own_name(path)
        here = "" if own == "." else f"{own}/"
        below = (it.removeprefix(here) for it in self._files if it.startswith(here))
        return sorted(found | {it.partition("/")[0] for it in below})

    def _remove(self, path: Any, **kwargs: Any) -> None:
        name = _own_name(path)
        if name in self._files:
            del self._files[name]
        else:
            self._on_disk["remove"](path, **kwargs)


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


def _own_name(path: Any) -> str | None:
    """A path below the working folder, from there; None for any other."""
    if isinstance(path, int) or not isinstance(path, str | bytes | os.PathLike):
        return None
    name = os.path.relpath(os.path.normpath(os.fsdecode(path)))
    return None if name.startswith("..") else name


def _no_room(name: str) -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)


def _as_text(content: bytes) -> str | bytes:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content
