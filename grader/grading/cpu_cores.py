"""The number of cores that this process may use: its affinity, and its container's quota."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

_GROUPS: Final = Path("/sys/fs/cgroup")
_OWN: Final = Path("/proc/self/cgroup")


def usable_cores() -> int:
    """How many processes can compute at once here; at least 1."""
    allowed = os.cpu_count() or 1
    if sys.platform == "linux":
        allowed = len(os.sched_getaffinity(0))
    # A quota of 1.5 cores is worth two processes.
    return max(1, min(allowed, math.ceil(cpu_quota() or allowed)))


def cpu_quota(groups: Path = _GROUPS, own: Path = _OWN) -> float | None:
    """The cores that the control groups of this process allow, such as ``1.5``; None if any number.

    A group cannot have more than a group around it. See "CPU Interface Files" in the kernel's
    Control Group v2, and for version 1 its CFS Bandwidth Control.

    Args:
        groups: the folder of the control groups.
        own: the file that names the groups of this process.
    """
    limits: list[float] = []
    for folder in _folders(groups, own):
        with suppress(OSError, ValueError, ZeroDivisionError):  # no such file; or the word "max"
            quota, period = (folder / "cpu.max").read_text("ascii").split()
            limits.append(int(quota) / int(period))
        with suppress(OSError, ValueError, ZeroDivisionError):
            quota, period = (
                (folder / f"cpu.cfs_{part}_us").read_text("ascii") for part in ("quota", "period")
            )
            limits.append(int(quota) / int(period))
    return min((cores for cores in limits if cores > 0), default=None)  # version 1: -1 is no limit


def _folders(groups: Path, own: Path) -> Iterator[Path]:
    """The groups that may limit this process's CPU time, and all groups around them."""
    with suppress(OSError, ValueError):  # no such file, or not of this form
        for line in own.read_text("utf-8").splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers and "cpu" not in controllers.split(","):
                continue
            top = groups / controllers
            group = top.joinpath(*(part for part in path.split("/") if part not in ("", "..")))
            yield group
            for above in group.parents:
                if above.is_relative_to(top):
                    yield above
