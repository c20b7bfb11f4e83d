"""Resource limits of one worker."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Final

from grader.sandbox.inside.namespaces import SCRATCH_BYTES

_MAX_DESCRIPTORS: Final = 64
_MAX_THREADS: Final = 64


def mapped_bytes() -> int:
    """How much address space this process takes up now, in bytes."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    return pages * resource.getpagesize()


def worker_limits(mapped: int, memory: int, cpu_seconds: int, *, own_users: bool) -> dict[int, int]:
    """The limits of a worker, as {resource: value}.

    Args:
        mapped: bytes of address space that the zygote itself takes up.
        memory: bytes that the student's code may add to that.
        cpu_seconds: backstop; the trusted end keeps the finer limits.
        own_users: whether a user namespace of its own counts the threads. Without one the limit
            would count all processes of the real user, and is left out.
    """
    limits = {
        resource.RLIMIT_AS: mapped + memory,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: SCRATCH_BYTES,
        resource.RLIMIT_NOFILE: _MAX_DESCRIPTORS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if own_users:
        limits[resource.RLIMIT_NPROC] = _MAX_THREADS
    return limits


def apply(limits: dict[int, int]) -> None:
    """Set limits, soft and hard alike: what is given up cannot be had back."""
    for which, value in limits.items():
        resource.setrlimit(which, (value, value))
