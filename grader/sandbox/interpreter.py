"""Starts a clean Python for student code: its command, environment and packages.

This module must import little: ``grader check`` starts the first worker before it imports numpy
itself, so that both processes load at the same time.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from grader.errors import SandboxError
from grader.sandbox.levels import SandboxLimits

#: The whole environment of such a Python. One thread: a fork keeps only the thread that forks, and
#: linear algebra on a few rows gains nothing from more.
_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "PYTHONHASHSEED": "0",  # sets come out in the same order for every student
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
_WINDOWS_NEEDS: Final = "SYSTEMROOT"  # without it, no library of Windows can be loaded

_NEEDS_NOTHING: Final = "numpy"

_WORKER_MODULE: Final = "grader.sandbox.inside.spawned_worker"

#: No user or site packages, no current folder, no bytecode files.
_PYTHON: Final = (sys.executable, "-P", "-s", "-S", "-B")
_BOOT: Final = (
    "import gc, sys; own, *extra = sys.argv[2:]; sys.path += [own, *extra];"
    # Nothing that is imported is garbage. To look for it takes a while, now and later.
    "gc.disable(); from {module} import main; sys.path.remove(own); gc.freeze(); gc.enable();"
    "main(sys.argv[1])"
)


@dataclass(frozen=True, slots=True)
class Packages:
    """The packages that student code may import."""

    names: tuple[str, ...]  # that the course lists
    importable: tuple[str, ...]  # these, and all that they need
    paths: tuple[str, ...]  # folders and files, with the shared libraries shipped beside them
    folders: tuple[str, ...]  # where Python looks for them

    @classmethod
    def find(cls, names: Iterable[str]) -> Self:
        """Find installed packages by import name, with all that they need.

        Raises:
            SandboxError: one is not installed.
        """
        names = tuple(names)
        located = {name: _locate(name) for name in names}
        if others := set(names) - {_NEEDS_NOTHING}:
            from grader.sandbox.dependencies import find_dependencies  # noqa: PLC0415  (slow)

            for name in find_dependencies(others):
                with suppress(SandboxError, ImportError, ValueError):  # a part of it is not there
                    located.setdefault(name, _locate(name))
        folders = dict.fromkeys(str(paths[0].parent) for paths in located.values())
        paths = dict.fromkeys(str(path) for paths in located.values() for path in paths)
        return cls(names, tuple(located), tuple(paths), tuple(folders))


def clean_python(module: str, argument: str, packages: Packages) -> dict[str, Any]:
    """The arguments of ``Popen`` for a clean Python that calls ``main(argument)`` of a module."""
    own = str(Path(__file__).parents[2])
    boot = _BOOT.format(module=module)
    environment = dict(_ENVIRONMENT)
    if os.name == "nt":
        environment[_WINDOWS_NEEDS] = os.environ[_WINDOWS_NEEDS]
    return {
        "args": [*_PYTHON, "-c", boot, argument, own, *packages.folders],
        "env": environment,
        "cwd": Path(sys.executable).anchor,
    }


def launch_spawned_worker(limits: SandboxLimits, packages: Packages) -> subprocess.Popen[bytes]:
    """Start the process of a worker of the level ``process``.

    It imports the packages, then says that it is ready.

    Raises:
        SandboxError: it cannot be started.
    """
    settings = {
        "imports": packages.names,
        "memory": limits.memory_bytes,
        "cpu_seconds": int(limits.seconds_per_lesson) + 5,
    }
    apart: dict[str, Any] = {"start_new_session": True}  # Ctrl-C does not reach it
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    try:
        return subprocess.Popen(
            **clean_python(_WORKER_MODULE, json.dumps(settings), packages),
            **apart,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        raise SandboxError(f"a worker could not be started: {error}") from error


def _locate(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    portions = list(spec.submodule_search_locations or ()) if spec is not None else []
    if spec is not None and spec.origin is None and portions:  # a namespace, without a file of it
        return [Path(portion).resolve() for portion in portions]
    if spec is None or spec.origin is None:
        raise SandboxError(
            f"the package `{package}` of course.yaml is not installed. Install it beside the "
            f"grader: {sys.executable} -m pip install {package}"
        )
    # Links resolved: a worker's root holds the files at their own place, and no link to them.
    origin = Path(spec.origin).resolve()
    place = origin.parent if spec.submodule_search_locations else origin
    libraries = place.parent / f"{package}.libs"
    return [place, libraries] if libraries.is_dir() else [place]
