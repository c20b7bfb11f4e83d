"""What this machine can do: levels and layers, which are tried out; versions; memory."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.errors import SandboxError
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation
from grader.sandbox.refusals import cause_and_fix, wrong_system

_MIB: Final = 1024 * 1024
_SECONDS: Final = 60.0  # for trying all layers

#: The step of the confinement that needs a layer; `cause_and_fix` knows steps.
_STEPS: Final = {
    "Landlock": "Landlock",
    "seccomp": "seccomp",
}

#: Packages that only some commands need: (distribution, purpose, the extra that installs it).
OPTIONAL_PACKAGES: Final = (
    ("nbgrader", "classrooms that run on nbgrader", "nbgrader"),
    ("jupytext", "lessons as notebooks", "notebook"),
    ("libcst", "mutants of the solutions", "verify"),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of one thing that was tried out on this machine."""

    name: str
    works: bool
    reason: str = ""  # the first line says why it does not work, the rest what to do


def try_levels(sandbox_of: Callable[[Isolation], Sandbox]) -> list[Trial]:
    """Start a sandbox of each level, strongest first, and try the forbidden acts in it."""
    trials = []
    for level in Isolation:
        try:
            with sandbox_of(level):
                trials.append(Trial(level.value, works=True))
        except SandboxError as error:
            trials.append(Trial(level.value, works=False, reason=str(error)))
    return trials


def try_layers() -> list[Trial]:
    """Try each layer of the confinement by itself."""
    if wrong := wrong_system():
        return [Trial("operating system and processor", works=False, reason=wrong)]
    own = str(Path(__file__).parents[2])
    command = [sys.executable, "-P", "-m", "grader.sandbox.inside.layers"]
    environment = {**os.environ, "PYTHONPATH": own}
    done = subprocess.run(
        command, env=environment, capture_output=True, check=False, timeout=_SECONDS
    )
    try:
        tried: Mapping[str, tuple[int, str] | None] = json.loads(done.stdout)
    except ValueError:
        lines = done.stderr.decode("utf-8", "replace").splitlines() or ["no reason was given"]
        return [Trial("trying the layers", works=False, reason=lines[-1])]
    trials = []
    for name, failure in tried.items():
        if failure is None:
            trials.append(Trial(name, works=True))
            continue
        code, reason = failure
        step = _STEPS.get(name, "leaving the host's namespaces")
        trials.append(Trial(name, works=False, reason=f"{reason}\n{cause_and_fix(step, code)}"))
    return trials


def landlock_version() -> int | None:
    """The kernel's version of the Landlock interface; ``None`` if it has none."""
    if sys.platform != "linux":
        return None
    from grader.sandbox.inside import landlock  # noqa: PLC0415  (of Linux alone)

    try:
        return landlock.abi_version()
    except OSError:
        return None


def installed_version(distribution: str) -> str | None:
    """The installed version of a package; ``None`` if it is not installed."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def describe_system() -> str:
    """The operating system, its kernel's release, and the processor."""
    return f"{platform.system()} {platform.release()} on {platform.machine()}"


def memory_mib() -> int | None:
    """The memory in MiB: that of the machine, or the limit of this container if it is lower."""
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return None
    sizes = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    with suppress(OSError, ValueError):  # no container's limit, or the word "max"
        sizes.append(int(Path("/sys/fs/cgroup/memory.max").read_text("ascii")))
    return min(sizes) // _MIB
