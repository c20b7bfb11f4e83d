"""How many threads a worker may start, where the kernel counts them for a whole user.

``RLIMIT_NPROC`` compares with all threads of the user in this user namespace, those of other
programs included. So the limit is what there is already, and a margin: that much may others start
before an honest program would suffer from it, and that much is all that a bomb gets.
"""

from __future__ import annotations

import errno
import os
import resource
import time
from typing import Final

OWN: Final = 64  # of a user that has no other programs
_SHARED: Final = 256  # of one that has
_PRECISION: Final = 16
_FIRST_TRY: Final = 64
_MOST: Final = 1 << 22  # that a kernel can have, PID_MAX_LIMIT
_FRESH_SECONDS: Final = 5.0


class ThreadLimit:
    """The value of ``RLIMIT_NPROC`` for the next worker, found anew every few seconds."""

    def __init__(self, *, own_user: bool) -> None:
        """Find out how many threads the user has.

        Args:
            own_user: nobody else is this user, so a few will do.

        Raises:
            PermissionError: the kernel does not count this user's threads, as it does not for root.
        """
        self._margin = OWN if own_user else _SHARED
        self._find()

    def value(self) -> int:
        """What there is now, and the margin; at the most the hard limit."""
        if time.monotonic() - self._found_at > _FRESH_SECONDS:
            self._find()
        return self._value

    def _find(self) -> None:
        hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
        value = threads_of_user() + self._margin
        self._value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        self._found_at = time.monotonic()


def threads_of_user() -> int:
    """About how many threads this process's user has, at least; asked of the kernel by trying.

    ``/proc`` does not tell: it may hide others' processes, and shows those of one container alone,
    while the kernel counts the user's in all.

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
