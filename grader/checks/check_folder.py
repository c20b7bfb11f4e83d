"""The folder of pytest's fixture `tmp_path`, which a check shares with the student's program.

The program runs where it has no such folder. So each call takes along what lies in it, and brings
back what the program has written, removed and made there. Paths are the same on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

from grader.sandbox.faults import StudentFault
from grader.sandbox.replies import Returned
from grader.sandbox.wire import Unsendable

#: As many as a program may write, see :mod:`grader.sandbox.inside.memory_files`.
MOST_FILES: Final = 100
MOST_BYTES: Final = 4 * 2**20

#: A part of a path that a program may give to a file here.
_PART: Final = re.compile(r"(?!\.{1,2}$)[^\x00-\x1f\x7f/\\:*?\"<>|]{1,100}(?<![. ])")
_MOST_PARTS: Final = 10


class Callee(Protocol):
    """What runs the student's program."""

    def use(
        self, operation: str, args: Sequence[object], kwargs: Mapping[str, object], key: str
    ) -> Returned:
        """Do something in the student's process. Raises a StudentFault."""


class CheckFolder:
    """A folder that is there for one check."""

    def __init__(self, path: Path) -> None:
        """Share a folder.

        Args:
            path: absolute, without links.
        """
        self.path = path

    @contextmanager
    def shared_with(self, callee: Callee) -> Iterator[None]:
        """In this block the program sees the folder; then the folder is as the program left it.

        Raises:
            Unsendable: the folder holds what cannot be there on the student's side.
            StudentFault: the program cannot be loaded.
        """
        files, folders = self._read()
        here = Path.cwd()
        is_inside = here == self.path or self.path in here.parents
        shared = [str(self.path), files, folders, str(here) if is_inside else ""]
        callee.use("share", shared, {}, "share")
        try:
            yield
        finally:
            with suppress(StudentFault):  # it has ended, and its files with it
                self._take(callee.use("changes", [str(self.path)], {}, "changes").value)

    def _read(self) -> tuple[dict[str, bytes], list[str]]:
        """The files and the folders in it, by their paths."""
        files: dict[str, bytes] = {}
        folders: list[str] = []
        for path in sorted(self.path.rglob("*")):
            name = path.relative_to(self.path).as_posix()
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise Unsendable(
                    f"{name} in tmp_path is neither a file nor a folder, and the student's side "
                    "has those alone"
                )
            if path.is_dir():
                folders.append(name)
            else:
                files[name] = path.read_bytes()
        size = sum(map(len, files.values()))
        if len(files) + len(folders) > MOST_FILES or size > MOST_BYTES:
            most = f"{MOST_FILES} files and {MOST_BYTES // 2**20} MiB"
            raise Unsendable(f"tmp_path holds more than {most}, which the student's side may have")
        return files, folders

    def _take(self, changes: Any) -> None:
        """Change the folder as the program did. Claims of it that make no sense are ignored."""
        match changes:
            case {"written": dict(written), "removed": list(removed), "made": list(made)}:
                room = MOST_BYTES
                for name in removed[:MOST_FILES]:
                    self._remove(name)
                for name in made[:MOST_FILES]:
                    self._write(name, None)
                for name, content in [*written.items()][:MOST_FILES]:
                    data = content.encode() if type(content) is str else content
                    if type(data) is bytes and len(data) <= room:
                        room -= len(data)
                        self._write(name, data)

    def _place(self, name: object) -> Path | None:
        """Where a file of the program's is to lie; None for a name that no file here may have."""
        parts = re.split(r"[/\\]", name) if type(name) is str else []
        if not 0 < len(parts) <= _MOST_PARTS or not all(map(_PART.fullmatch, parts)):
            return None
        return self.path.joinpath(*parts)

    def _write(self, name: object, content: bytes | None) -> None:
        with suppress(OSError):  # where it says that a file is, there is a folder
            if path := self._place(name):
                (path if content is None else path.parent).mkdir(parents=True, exist_ok=True)
                if content is not None:
                    path.write_bytes(content)

    def _remove(self, name: object) -> None:
        with suppress(OSError):  # it is not empty
            if path := self._place(name):
                (path.rmdir if path.is_dir() else path.unlink)()


@contextmanager
def new_folder() -> Iterator[CheckFolder]:
    """A new folder, which is gone after the block."""
    with TemporaryDirectory(prefix="grader-check-", ignore_cleanup_errors=True) as name:
        yield CheckFolder(Path(name).resolve())
