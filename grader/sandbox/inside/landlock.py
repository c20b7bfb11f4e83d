"""Landlock: limits which files this process can open, for good.

It takes three system calls: make a rule set with every right that the kernel knows, add a rule for
each folder that stays open, restrict this process. Constants: ``linux/landlock.h``.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from typing import Final

from grader.sandbox.inside import syscalls

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION: Final = 1
_PATH_BENEATH: Final = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE: Final = 1 << 14
_FILE_RIGHTS: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | 1 << 15
_READ: Final = _READ_FILE | _READ_DIR
_SCRATCH: Final = _READ | _WRITE_FILE | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | _TRUNCATE
# remove_dir, remove_file, make_dir, make_reg: no sockets, pipes, devices or links

#: How many file-system rights each version of the interface has.
_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_NET_SINCE, _SCOPE_SINCE = 4, 6


def abi_version() -> int:
    """The kernel's version of the Landlock interface.

    Raises:
        OSError: the kernel has none, or it is switched off.
    """
    return syscalls.syscall(
        _CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION), name="landlock"
    )


def restrict(readable: Iterable[str], writable: Iterable[str] = ()) -> None:
    """Forbid this process all files outside these paths, and TCP and abstract sockets.

    Raises:
        OSError: a step failed. The caller must not go on.
    """
    version = abi_version()
    handled = (1 << _RIGHTS.get(version, 16)) - 1
    attributes = struct.pack("=Q", handled)
    if version >= _NET_SINCE:
        attributes += struct.pack("=Q", 0b11)  # bind, connect
    if version >= _SCOPE_SINCE:
        attributes += struct.pack("=Q", 0b11)  # abstract sockets, signals to the outside
    rules = syscalls.syscall(
        _CREATE_RULESET,
        attributes,
        ctypes.c_size_t(len(attributes)),
        ctypes.c_uint32(0),
        name="landlock_create_ruleset",
    )
    try:
        for path in readable:
            _allow(rules, path, _READ & handled)
        for path in writable:
            _allow(rules, path, _SCRATCH & handled)
        syscalls.syscall(_RESTRICT_SELF, rules, ctypes.c_uint32(0), name="landlock_restrict_self")
    finally:
        os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _FILE_RIGHTS
        beneath = struct.pack("=Qi", rights, descriptor)
        syscalls.syscall(
            _ADD_RULE, rules, _PATH_BENEATH, beneath, ctypes.c_uint32(0), name="landlock_add_rule"
        )
    finally:
        os.close(descriptor)
