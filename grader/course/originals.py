"""The exercises of a student's copy as they were released, in an archive.

They are the same texts and data as the exercises at the start, and a copy is to be small. They are
unpacked when a command first reads the course.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from grader.errors import CourseError

#: The folder of the unpacked files, and the archive, in which they lie in such a folder.
ORIGINALS: Final = "originals"
ARCHIVE: Final = "originals.zip"


def unpack_originals(root: Path) -> None:
    """Unpack the originals in the folder of a student's copy, unless that is done.

    Raises:
        CourseError: the archive is damaged, or nothing can be written into the folder.
    """
    archive, folder = root / ARCHIVE, root / ORIGINALS
    if folder.is_dir() or not archive.is_file():
        return
    try:
        with (
            TemporaryDirectory(dir=root, prefix=".unpacking.") as place,
            zipfile.ZipFile(archive) as packed,
        ):
            packed.extractall(place)
            (Path(place) / ORIGINALS).rename(folder)
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        if folder.is_dir():  # another command was faster
            return
        raise CourseError(
            f"{ARCHIVE} cannot be unpacked ({error}). If you may write into this folder, copy the "
            "file from the folder that you were given once more"
        ) from error
