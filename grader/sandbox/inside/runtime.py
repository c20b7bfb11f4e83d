"""The files that the interpreter needs. All others can then be closed to it."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SITE_FOLDERS = ("site-packages", "dist-packages")  # other software: never needed
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


@dataclass(frozen=True, slots=True)
class Runtime:
    """Absolute paths that exist; a folder comes before what lies in it."""

    readable: tuple[str, ...]  # folders and files
    hidden: tuple[str, ...]  # folders inside a readable one that must look empty
    devices: tuple[str, ...]

    @classmethod
    def of_this_process(cls, packages: Sequence[str]) -> Runtime:
        """Find the files that this interpreter uses.

        Args:
            packages: folders and files of the installed packages that student code may import, and
                of data that it may open.
        """
        stdlib = {
            Path(entry)
            for entry in (
                sysconfig.get_path("stdlib"),
                sysconfig.get_path("platstdlib"),
                *(entry for entry in sys.path if entry),
            )
            if Path(entry).name not in _SITE_FOLDERS
        }
        needed = stdlib | {Path(path) for path in packages} | {Path("/etc/ld.so.cache")}
        # Not a library folder that holds the standard library: it holds other software, too, and
        # what this process needs from it is mapped already.
        needed |= {
            folder
            for folder in _shared_library_folders()
            if not any(path.is_relative_to(folder) for path in stdlib)
        }
        hidden = {
            path / name for path in stdlib for name in _SITE_FOLDERS if (path / name).is_dir()
        }
        return cls(
            readable=tuple(sorted(str(path) for path in needed if path.exists())),
            hidden=tuple(sorted(str(path) for path in hidden)),
            devices=tuple(path for path in _DEVICES if Path(path).exists()),
        )

    def without_hidden(self) -> list[str]:
        """The readable paths without the hidden ones, for rules that can only allow.

        A folder with hidden ones in it is replaced by its other entries.
        """
        paths: list[str] = []
        for path in self.readable:
            inside = [hidden for hidden in self.hidden if hidden.startswith(path + "/")]
            if not inside:
                paths.append(path)
                continue
            paths += [str(entry) for entry in Path(path).iterdir() if str(entry) not in inside]
        return paths


def _shared_library_folders() -> set[Path]:
    """Folders of the shared libraries mapped now; extension modules need more of them later."""
    folders: set[Path] = set()
    for line in Path("/proc/self/maps").read_text("utf-8", "surrogateescape").splitlines():
        slash = line.find("/")
        if slash >= 0 and ".so" in line[slash:]:
            folders.add(Path(line[slash:]).parent)
    return {
        folder
        for folder in folders
        if not any(part in (*_SITE_FOLDERS, "lib-dynload") for part in folder.parts)
    }
