"""Leaving the host: own users, processes, network, mounts, and a root that holds next to nothing.

The zygote calls these once, while it is single-threaded and before any student code exists.
Nothing here needs root: a user namespace gives the right to make the others.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final

from grader.sandbox.inside import syscalls
from grader.sandbox.inside.limits import SCRATCH_BYTES
from grader.sandbox.inside.runtime import Runtime

NEWNS, NEWUTS, NEWIPC = 0x0002_0000, 0x0400_0000, 0x0800_0000
NEWUSER, NEWPID, NEWNET = 0x1000_0000, 0x2000_0000, 0x4000_0000
ALL: Final = NEWUSER | NEWNS | NEWPID | NEWNET | NEWIPC | NEWUTS

#: Who the sandbox is inside, and outside too when the grader runs as root: nobody.
NOBODY: Final = 65534

#: Not /tmp, which may hold the interpreter itself. It is the working folder, where ``tempfile``
#: looks last.
SCRATCH: Final = "/scratch"
SCRATCH_INODES: Final = 256

_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT = 1, 2, 4, 8, 32
_BIND, _REC, _PRIVATE, _RELATIME = 4096, 16384, 1 << 18, 1 << 21
_NOATIME, _NODIRATIME = 1024, 2048

#: statvfs flag -> mount flag: what a mount has that a user namespace may not take off.
_LOCKED: Final = {2: _NOSUID, 4: _NODEV, 8: _NOEXEC, 1024: _NOATIME, 2048: _NODIRATIME,
                  4096: _RELATIME}  # fmt: skip


def enter(map_users: Callable[[], None]) -> None:
    """Leave the host's namespaces and go on as the first process of a new process tree.

    The calling process stays behind, waits for its child and ends with it; only the child
    returns from here.

    Args:
        map_users: asks the trusted end to write the user map, which only it may write.
    """
    syscalls.unshare(ALL)
    map_users()
    child = os.fork()
    if child:
        _wait_behind(child)
    # Killed with the one that waits, and with it, as first of its process namespace, all workers.
    # (That one ends when this one does, which ends when the trusted end closes its socket.)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)


def _wait_behind(child: int) -> None:
    os.closerange(0, 1024)
    os.waitpid(child, 0)
    os._exit(0)


def build_root(runtime: Runtime) -> None:
    """Put this process on a new root: the interpreter read-only, four devices, a capped scratch.

    Nothing of the host can be reached from it: the old root is unmounted.
    """
    syscalls.mount("", "/", "", _REC | _PRIVATE)
    base, old = "/tmp", "/.host"  # noqa: S108  (a mount point that every system has)
    syscalls.mount("tmpfs", base, "tmpfs", _NOSUID | _NODEV, "size=1m,nr_inodes=4096,mode=755")
    Path(base + old).mkdir()
    syscalls.pivot_root(base, base + old)
    os.chdir("/")

    for path in sorted({*runtime.readable, *runtime.hidden}):
        if path in runtime.hidden:
            syscalls.mount("tmpfs", path, "tmpfs", _NOSUID | _NODEV, "size=256k,mode=755")
        else:
            _bind(old + path, path)
    for path in runtime.hidden:  # only now: packages were mounted beneath them
        syscalls.mount("", path, "", _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV)
    for path in runtime.devices:
        _bind(old + path, path, _NOSUID | _NOEXEC)
    _copy_links(old)

    syscalls.detach(old)
    Path(old).rmdir()
    Path(SCRATCH).mkdir(exist_ok=True)
    syscalls.mount(
        "tmpfs",
        SCRATCH,
        "tmpfs",
        _NOSUID | _NODEV | _NOEXEC,
        f"size={SCRATCH_BYTES},nr_inodes={SCRATCH_INODES},mode=700,uid={NOBODY},gid={NOBODY}",
    )
    syscalls.mount("", "/", "", _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV)


def become_nobody() -> None:
    """Drop root, if the grader was started by root, and every capability."""
    if os.getuid() != NOBODY:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    syscalls.drop_capabilities()
    # Changing credentials clears it.
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)


def _bind(source: str, target: str, flags: int = _NOSUID | _NODEV) -> None:
    """Show one file or folder of the host, read-only, at the same place."""
    if Path(source).is_dir():
        Path(target).mkdir(parents=True, exist_ok=True)
    else:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).touch()
    syscalls.mount(source, target, "", _BIND | _REC)
    held = os.statvfs(target).f_flag
    flags |= sum(mount_flag for flag, mount_flag in _LOCKED.items() if held & flag)
    syscalls.mount("", target, "", _REMOUNT | _BIND | _RDONLY | flags)


def _copy_links(old: str) -> None:
    """Repeat the root's own links (``/lib -> usr/lib``): libc looks for libraries there."""
    for entry in Path(old).iterdir():
        place = Path("/") / entry.name
        if entry.is_symlink() and not place.is_symlink() and not place.exists():
            target = entry.readlink()
            if not target.is_absolute() and Path("/", target).is_dir():
                place.symlink_to(target)


def name_host() -> None:
    """Give the sandbox a host name that says nothing."""
    name = b"sandbox"
    if ctypes.CDLL(None, use_errno=True).sethostname(name, len(name)) != 0:
        raise OSError(ctypes.get_errno(), "sethostname")
