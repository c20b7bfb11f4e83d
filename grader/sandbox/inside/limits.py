"""Resource limits of one worker, on systems that have them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

SCRATCH_BYTES: Final = 16 * 1024 * 1024  # that a worker may write, in all and in one file
_MAX_DESCRIPTORS: Final = 64
_MIN_DESCRIPTORS: Final = 16


class LimitTooLow(Exception):
    """The grader itself has a limit that is too low. The message names it, and says what to do."""


def mapped_bytes() -> int:
    """The present size of this process's address space in bytes; only on Linux."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    return pages * resource.getpagesize()


def worker_limits(memory: int, cpu_seconds: int, threads: int | None) -> dict[int, int]:
    """The limits of a worker that this process forks or becomes, as {resource: value}.

    Args:
        memory: bytes that the student's code may map in addition to what is mapped now.
        cpu_seconds: a second guard; the trusted end has finer limits.
        threads: how many its user may have in all programs; ``None`` if they cannot be counted.

    Raises:
        LimitTooLow: a hard limit of the caller is lower than a worker needs.
    """
    if resource is None:
        return {}
    wanted = {
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: SCRATCH_BYTES,
        resource.RLIMIT_NOFILE: _MAX_DESCRIPTORS,
        resource.RLIMIT_CORE: 0,
    }
    if sys.platform == "linux":
        # Other systems cannot limit the address space, or count what libraries only reserve.
        wanted[resource.RLIMIT_AS] = mapped_bytes() + memory
        wanted[resource.RLIMIT_MEMLOCK] = 0
        wanted[resource.RLIMIT_MSGQUEUE] = 0
        if threads is not None:
            wanted[resource.RLIMIT_NPROC] = threads
    # With less memory or time than the course promises, students would lose marks.
    needed = {
        "-t": (resource.RLIMIT_CPU, "seconds of CPU time", cpu_seconds, 1),
        "-n": (resource.RLIMIT_NOFILE, "open files", _MIN_DESCRIPTORS, 1),
        "-v": (resource.RLIMIT_AS, "KiB of memory", wanted.get(resource.RLIMIT_AS, 0), 1024),
    }
    for option, (which, what, least, unit) in needed.items():
        hard = resource.getrlimit(which)[1]
        if hard != resource.RLIM_INFINITY and hard < least:
            raise LimitTooLow(
                f"the grader was started under a limit of {hard // unit:,} {what} "
                f"(ulimit -H {option}), and a student's program needs {-(-least // unit):,}. Raise "
                "that limit (of the shell, the service or the batch system), or lower the course's."
            )
    return {which: _at_most_hard(which, value) for which, value in wanted.items()}


def apply(limits: dict[int, int]) -> None:
    """Set soft and hard limits alike, so that the process cannot raise them again."""
    for which, value in limits.items():
        resource.setrlimit(which, (value, value))


def not_in_force(limits: dict[int, int]) -> list[str]:
    """Name the limits that are higher than they should be, or that could be raised."""
    names = {getattr(resource, name): name for name in dir(resource) if name.startswith("RLIMIT_")}
    return [names[which] for which, value in limits.items() if _exceeds(which, value)]


def _exceeds(which: int, value: int) -> bool:
    return any(
        limit == resource.RLIM_INFINITY or limit > value for limit in resource.getrlimit(which)
    )


def _at_most_hard(which: int, value: int) -> int:
    hard = resource.getrlimit(which)[1]
    return value if hard == resource.RLIM_INFINITY else min(value, hard)
