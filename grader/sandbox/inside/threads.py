"""How many threads a worker may start, where the kernel counts them for a whole user.

The kernel compares ``RLIMIT_NPROC`` with all threads of the user in this user namespace, those of
other programs included. So the limit is the present number plus a margin. A thread bomb gets no
more than the margin; an honest program suffers only if other programs use it up.
"""

from __future__ import annotations

import errno
import os
import resource
import time
from typing import Final

OWN_USER: Final = 64  # the margin of a user that has no other programs
_SHARED_USER: Final = 256  # the margin of a user that has
_PRECISION: Final = 16  # threads
_FIRST_TRY: Final = 64
_MOST: Final = 1 << 22  # threads that a kernel can have, PID_MAX_LIMIT
_FRESH_SECONDS: Final = 5.0


class ThreadLimit:
    """The value of ``RLIMIT_NPROC`` for the next worker, measured again every few seconds."""

    def __init__(self, *, own_user: bool) -> None:
        """Find out how many threads the user has.

        Args:
            own_user: no other program has this user, so a small margin is enough.

        Raises:
            PermissionError: the kernel does not count this user's threads, as it does not for root.
        """
        self._margin = OWN_USER if own_user else _SHARED_USER
        self._measure()

    def current(self) -> int:
        """The present number of threads plus the margin; at most the hard limit."""
        if time.monotonic() - self._measured_at > _FRESH_SECONDS:
            self._measure()
        return self._value

    def _measure(self) -> None:
        hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
        value = threads_of_user() + self._margin
        self._value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        self._measured_at = time.monotonic()


def threads_of_user() -> int:
    """Roughly how many threads this process's user has. It tries to start one under several limits.

    ``/proc`` does not tell: it may hide processes of others, and it shows those of one container,
    while the kernel counts the user's threads in all containers.

    Raises:
        PermissionError: the kernel does not count them.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    try:
        if _can_start_with(1):
            raise PermissionError(errno.EPERM, "the kernel does not count this user's threads")
        enough = _FIRST_TRY
        while enough < _MOST and not _can_start_with(enough):
            enough *= 2
        too_low = enough // 2 if enough > _FIRST_TRY else 1
        while enough - too_low > _PRECISION:
            middle = (too_low + enough) // 2
            if _can_start_with(middle):
                enough = middle
            else:
                too_low = middle
        return enough
    finally:
        resource.setrlimit(resource.RLIMIT_NPROC, (soft, hard))


def _can_start_with(limit: int) -> bool:
    """Whether a process can be started under this limit."""
    hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    if hard != resource.RLIM_INFINITY and limit >= hard:
        return True  # as far as it can be tried
    resource.setrlimit(resource.RLIMIT_NPROC, (limit, hard))
    try:
        child = os.fork()
    except BlockingIOError:
        return False
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True
