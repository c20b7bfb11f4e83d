"""How long a process has computed, and how long it has waited for a free core."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def cpu_seconds(pid: int) -> float:
    """CPU time of a living process, all its threads together; 0 if the system does not tell."""
    if sys.platform != "linux":
        return 0.0
    # The kernel makes the id of a process's clock from its pid: see clock_getcpuclockid(3).
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0  # it has just ended


def queued_seconds(pid: int) -> float:
    """Seconds in which a process was ready to compute, but other processes had all cores.

    It is 0 if the system does not tell. Of several threads, the first one's time counts.
    """
    try:
        _, queued, _ = (_PROC / str(pid) / "schedstat").read_bytes().split()
        return int(queued) / 1e9
    except (OSError, ValueError):
        return 0.0


def find_last_descendant(pid: int) -> int:
    """The only child's only child and so on, seen from this process's namespace.

    Returns:
        Its process number; 0 if a process has several children, or none can be seen.
    """
    children: dict[int, list[int]] = {}
    for folder in _PROC.glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            # A program's name may hold anything, also brackets and blanks.
            _, _, fields = (folder / "stat").read_bytes().rpartition(b")")
            children.setdefault(int(fields.split()[1]), []).append(int(folder.name))
    last = pid
    while last in children:
        if len(children[last]) > 1:
            return 0
        (last,) = children[last]
    return 0 if last == pid else last
