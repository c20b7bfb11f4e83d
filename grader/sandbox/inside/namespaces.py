"""Linux namespaces: gives the zygote its own users, processes, network, mounts and root folder.

The zygote calls these functions once, while it has one thread and before any student code exists.
They do not need root, because a user namespace gives the right to make the others.
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
from grader.sandbox.inside.privileges import NOBODY
from grader.sandbox.inside.runtime import Runtime

NEWNS, NEWUTS, NEWIPC = 0x0002_0000, 0x0400_0000, 0x0800_0000
NEWUSER, NEWPID, NEWNET = 0x1000_0000, 0x2000_0000, 0x4000_0000
ALL: Final = NEWUSER | NEWNS | NEWPID | NEWNET | NEWIPC | NEWUTS

#: The working folder, where ``tempfile`` looks last. Not /tmp, which may hold the interpreter.
SCRATCH: Final = "/scratch"
SCRATCH_INODES: Final = 256

_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT = 1, 2, 4, 8, 32
_BIND, _REC, _PRIVATE, _RELATIME = 4096, 16384, 1 << 18, 1 << 21
_NOATIME, _NODIRATIME = 1024, 2048

#: statvfs flag -> mount flag: flags of a mount that a user namespace may not remove.
_LOCKED: Final = {2: _NOSUID, 4: _NODEV, 8: _NOEXEC, 1024: _NOATIME, 2048: _NODIRATIME,
                  4096: _RELATIME}  # fmt: skip


def enter(map_users: Callable[[], None]) -> None:
    """Leave the host's namespaces and go on as the first process of a new process tree.

    The calling process waits for its child and ends with it. Only the child returns.

    Args:
        map_users: asks the trusted end to write the user map, which no other process may write.
    """
    syscalls.unshare(ALL)
    map_users()
    child = os.fork()
    if child:
        _wait_for_end(child)
    # When the waiting process ends, this one is killed; as the first process of its namespace, it
    # takes all workers with it.
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)


def _wait_for_end(child: int) -> None:
    os.closerange(0, 1024)
    os.waitpid(child, 0)
    os._exit(0)


def build_root(runtime: Runtime) -> None:
    """Build a new root: the interpreter read-only, four devices, a scratch folder of limited size.

    The old root is unmounted, so no other file of the host can be reached.
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
    for path in runtime.hidden:  # only now: packages are mounted beneath them
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


def _bind(source: str, target: str, flags: int = _NOSUID | _NODEV) -> None:
    """Show one file or folder of the host, read-only, at the same place."""
    if Path(source).is_dir():
        Path(target).mkdir(parents=True, exist_ok=True)
    elif not Path(target).exists():  # it may lie in a folder that is shown as a whole
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
