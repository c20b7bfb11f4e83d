"""Gives up the rights of the user who grades.

At `full`, the zygote becomes nobody in its user namespace. At `filtered` it has no such namespace,
and the rights of root would be dangerous: no limit counts root's threads, and root could open any
file if Landlock had a hole. So there a zygote of root becomes a user that no other program has.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from grader.sandbox.inside import syscalls

#: The user inside a user namespace; outside too, if root grades.
NOBODY: Final = 65534

#: User ids of no person and no service; systemd, too, draws from them (DynamicUser=).
_UNUSED_USERS: Final = range(61184, 65520)


def become_nobody() -> None:
    """Drop root, if root grades, and every capability."""
    if os.getuid() != NOBODY:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    syscalls.drop_capabilities()
    # A change of credentials clears this setting.
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)


def become_unused_user() -> bool:
    """Become a user that no other program has, if this process is root and may change users.

    Returns:
        Whether it did. It does not if no such user is mapped, as in a rootless container, or if it
        could not kill a worker of another user.
    """
    needed = {syscalls.CAP_KILL, syscalls.CAP_SETGID, syscalls.CAP_SETUID}
    if os.geteuid() != 0 or not needed <= syscalls.capabilities():
        return False
    user = random.SystemRandom().choice(_UNUSED_USERS)
    if not (_is_mapped("uid", user) and _is_mapped("gid", user)):
        return False
    syscalls.prctl(syscalls.PR_SET_KEEPCAPS, 1)  # `give_up_capabilities` decides about them
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    return True


def give_up_capabilities(needed: Iterable[str]) -> None:
    """Give up every capability, except the one to read files if the interpreter needs it.

    The interpreter needs it if its folder is closed to other users. Landlock comes next, and limits
    what can be read.

    Args:
        needed: folders and files that student code may read.
    """
    reading = syscalls.capabilities() & {syscalls.CAP_DAC_READ_SEARCH}
    syscalls.keep_capabilities(reading, in_force=())
    imported = (getattr(module, "__file__", None) for module in sys.modules.values())
    files = [*needed, *filter(None, imported)]
    if all(os.access(path, os.R_OK, effective_ids=True) for path in files):
        reading = set()
    syscalls.keep_capabilities(reading, in_force=reading)


def _is_mapped(kind: str, number: int) -> bool:
    for line in Path(f"/proc/self/{kind}_map").read_text("ascii").splitlines():
        first, _, count = map(int, line.split())
        if first <= number < first + count:
            return True
    return False
