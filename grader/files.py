"""Writes files whole or not at all, and archives that have the same bytes for the same files."""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from grader.errors import GraderError

_WHEN: Final = (1980, 1, 1, 0, 0, 0)  # where a zip's time begins


def make_folder(folder: Path) -> None:
    """Make a folder for results, if need be, and make sure that it can be written to.

    Raises:
        GraderError: it cannot, which is better known before an hour of grading than after it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise GraderError(
            f"cannot write to the folder {folder}: {error.strerror or error}"
        ) from error


def is_unchanged(path: Path, pieces: Iterable[str]) -> bool:
    """Whether a file has just this text."""
    try:
        with path.open("rb") as file:
            for piece in pieces:
                data = piece.encode()
                if file.read(len(data)) != data:
                    return False
            return not file.read(1)
    except OSError:  # none that can be read
        return False


@contextmanager
def whole_file(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """A file to write to. At the end of the block it replaces `path` in one step.

    At any moment `path` is the old file or the new one, also after an error or Ctrl-C.

    Args:
        path: the file to replace.
        durable: whether it must survive a power cut. That takes too long for many small files.

    Raises:
        GraderError: it cannot be written, or a file that is read for it cannot be read.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        draft.replace(path)
    except BaseException as error:  # Ctrl-C, too
        with suppress(OSError):
            draft.unlink()
        if not isinstance(error, OSError):
            raise
        reason = error.strerror or str(error)
        if error.filename not in (None, str(draft), str(path)):
            raise GraderError(f"cannot write {path} ({error.filename}: {reason})") from error
        raise GraderError(f"cannot write {path}: {reason}") from error


def write_whole(path: Path, pieces: Iterable[str], *, durable: bool = True) -> None:
    """Write a text as UTF-8, in one step; see :func:`whole_file`."""
    with whole_file(path, durable=durable) as file:
        file.writelines(piece.encode() for piece in pieces)


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts by their paths below a folder, making the folders between.

    Raises:
        OSError: one cannot be written.
    """
    write_files(folder, {name: text.encode() for name, text in texts.items()})


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """The same for files that need not be texts."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def add_member(archive: zipfile.ZipFile, name: str, data: bytes, *, mode: int = 0o644) -> None:
    """Add a file to an archive, always the same bytes: without the time, for all to read."""
    member = zipfile.ZipInfo(name, _WHEN)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = (stat.S_IFREG | mode) << 16
    archive.writestr(member, data)
