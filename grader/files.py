"""Writing files: whole or not at all, and archives the same from the same files."""

from __future__ import annotations

import os
import stat
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from grader.errors import GraderError

_WHEN: Final = (1980, 1, 1, 0, 0, 0)  # where a zip's time begins


def make_folder(folder: Path) -> None:
    """Make a folder for results, if need be, and make sure that it can be written to.

    Raises:
        GraderError: it cannot; better known before an hour of grading than after.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise GraderError(
            f"cannot write to the folder {folder}: {error.strerror or error}"
        ) from error


def holds(path: Path, pieces: Iterable[str]) -> bool:
    """Whether a file is there and holds just this text."""
    try:
        with path.open("rb") as file:
            for piece in pieces:
                data = piece.encode()
                if file.read(len(data)) != data:
                    return False
            return not file.read(1)
    except OSError:  # none that can be read
        return False


def write_whole(path: Path, pieces: Iterable[str], *, durable: bool = True) -> None:
    """Replace a file in one step: it holds the old text or the new one, at any moment.

    Args:
        path: the file.
        pieces: its new text.
        durable: also after a power cut; for what could be made again that takes too long.

    Raises:
        GraderError: it cannot be written; what was there before is still there.
    """
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException as error:  # Ctrl-C, too
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise GraderError(f"cannot write {path}: {error.strerror or error}") from error
        raise


def add_member(archive: zipfile.ZipFile, name: str, data: bytes, *, mode: int = 0o644) -> None:
    """Add a file to an archive, always the same bytes: without the time, for all to read."""
    member = zipfile.ZipInfo(name, _WHEN)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = (stat.S_IFREG | mode) << 16
    archive.writestr(member, data)
