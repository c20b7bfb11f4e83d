"""The folder with a course's data files, in which student code runs.

It holds copies, for a lesson's own folder has its solution, too. At `full` and `filtered` student
code can read it and write nothing there. At `process` it is made anew for each worker.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import ModuleType
from typing import Final

from grader.errors import SandboxError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_PREFIX: Final = "grader-data-"
_LEFT_BEHIND: Final = 60.0  # seconds of age; a younger folder may not be locked yet
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
        self._lock: int | None = None  # a descriptor of the folder; the system takes it back

    def lay_out(self) -> None:
        """Write the files into a new folder, and remove the one before.

        Raises:
            SandboxError: they cannot be written.
        """
        self.remove()
        if not self._files:
            return
        try:
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
            self.path = str(folder)
            self._lock = _lock(folder)
            _remove_left_behind(folder.parent)
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
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _remove_left_behind(temporary: Path) -> None:
    """Remove the folders of programs that were killed: nobody holds their locks."""
    if fcntl is None or not hasattr(os, "getuid"):
        return
    for folder in temporary.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # another user's, or gone just now
            state = folder.lstat()
            if state.st_uid == os.getuid() and time.time() - state.st_mtime > _LEFT_BEHIND:
                lock = _lock(folder)
                if lock is not None:
                    shutil.rmtree(folder, ignore_errors=True)
                    os.close(lock)


def _lock(folder: Path) -> int | None:
    """A descriptor that holds a lock on a folder; None if another program holds it."""
    if fcntl is None:
        return None
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def put_beside_data(module: ModuleType, folder: Path | None) -> None:
    """Note in a module of ours where the files are that its code may open, if there are any."""
    if folder is not None:
        vars(module)[_BESIDE] = folder


def beside_data(module: ModuleType) -> AbstractContextManager[None]:
    """In this block, the working folder is the one with the files that a module may open."""
    folder = vars(module).get(_BESIDE)
    return nullcontext() if folder is None else contextlib.chdir(folder)
