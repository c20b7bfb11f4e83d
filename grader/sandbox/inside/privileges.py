"""Giving up the user that the grader runs as, where no user namespace does that.

Root's threads are counted by no limit, and its rights open every file that a hole in Landlock
would lay bare. So a zygote that root started becomes a user that nobody else is.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from grader.sandbox.inside import syscalls

#: Users that no person and no service has: systemd draws from them, too (DynamicUser=).
_UNUSED_USERS: Final = range(61184, 65520)


def become_unused_user() -> bool:
    """Become a user of one's own, if root started this process and may change users.

    Returns:
        Whether it is one; not where no such user is mapped, as in a rootless container, or where
        the grader could not kill a process of another user.
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
    """Keep no capability, or only the one to read, if the interpreter lies in a closed folder.

    Landlock, which comes next, says what may be read with it.

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
