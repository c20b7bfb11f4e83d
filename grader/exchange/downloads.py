"""A bulk download of a learning platform: a folder or a .zip of everything, file by file.

Students choose the names and the bytes of these files, so both are read with suspicion, as in
:mod:`grader.submissions.archives`: no link is followed, nothing is unpacked to disk, and every
read has a limit.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from grader.errors import GraderError, reason_in_words
from grader.submissions.archives import read_zip
from grader.submissions.folders import hold_open
from grader.submissions.found_files import FoundFile
from grader.text import clean_name

#: Enough for thousands of students with a dozen files and attempts each.
_MAX_FILES: Final = 200_000


@contextmanager
def open_download(path: Path) -> Iterator[Iterator[FoundFile]]:
    """The files of a download. Archives that were handed in are files here.

    Args:
        path: a folder, or a .zip of one.

    Raises:
        GraderError: there is nothing to read at `path`.
    """
    with ExitStack() as stack:
        try:
            if stat.S_ISDIR(path.stat().st_mode):
                folder = stack.enter_context(hold_open(str(path.resolve())))
                files = folder.files(_MAX_FILES)
            elif zipfile.is_zipfile(path):
                file = stack.enter_context(path.open("rb"))
                files = read_zip(file, clean_name(path.name), budget=None, limit=_MAX_FILES)
            else:
                raise GraderError(
                    f"{clean_name(str(path))} is neither a folder nor a .zip. Name the file that "
                    "you downloaded, or the folder that it was unpacked to."
                )
        except OSError as error:
            raise GraderError(
                f"{clean_name(str(path))} cannot be read: {reason_in_words(error)}"
            ) from error
        yield files  # outside the try: errors from here on are about single files
