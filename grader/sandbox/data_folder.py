"""The folder with a course's data files, in which student code runs.

It holds copies, for a lesson's own folder has its solution, too. At `full` and `filtered` student
code can read it and write nothing there. At `process` it is made anew for each worker.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import ModuleType
from typing import Final

from grader.errors import SandboxError

_FOLDER_MODE: Final = 0o755  # a worker may have another user
_FILE_MODE: Final = 0o444
_BESIDE: Final = "__data_folder__"  # in a module's own names


class DataFolder:
    """A folder that exists from :meth:`lay_out` to :meth:`remove`, if there are any files."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Prepare, without writing anything.

        Args:
            files: their contents, by their paths in the folder.
        """
        self._files = dict(files)
        self.path = ""  # absolute, without links; "" while there is none

    def lay_out(self) -> None:
        """Write the files into a new folder, and remove the one before.

        Raises:
            SandboxError: they cannot be written.
        """
        self.remove()
        if not self._files:
            return
        try:
            folder = Path(tempfile.mkdtemp(prefix="grader-data-")).resolve()
            self.path = str(folder)
            folder.chmod(_FOLDER_MODE)
            for name, content in self._files.items():
                file = folder / name
                for above in reversed(file.relative_to(folder).parents[:-1]):
                    (folder / above).mkdir(exist_ok=True)
                    (folder / above).chmod(_FOLDER_MODE)
                file.write_bytes(content)
                file.chmod(_FILE_MODE)
        except OSError as error:
            self.remove()
            raise SandboxError(f"the course's data files cannot be written: {error}") from error

    def remove(self) -> None:
        """Remove the folder, if there is one. May be called twice."""
        if self.path:
            shutil.rmtree(self.path, ignore_errors=True)
            self.path = ""


def put_beside_data(module: ModuleType, folder: Path | None) -> None:
    """Note in a module of ours where the files are that its code may open, if there are any."""
    if folder is not None:
        vars(module)[_BESIDE] = folder


def beside_data(module: ModuleType) -> AbstractContextManager[None]:
    """In this block, the working folder is the one with the files that a module may open."""
    folder = vars(module).get(_BESIDE)
    return nullcontext() if folder is None else contextlib.chdir(folder)
