"""Running a program as on a machine that offers less: the kernel really denies what is missing.

The program, and what it starts, calls these functions first. ``be_ordinary()``: root becomes an
ordinary user. Of the folders that are closed to all but root, that user sees only this project, its
interpreter and one folder to work in. ``be_root_of_a_namespace()``: it becomes root of a user
namespace, and may set its limits. ``deny(call)``: a system call answers ENOSYS. ``refuse(call)``:
it answers EPERM, as the filters of container runtimes do.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from places import REPOSITORY

#: The ordinary user. Each process of the tests has its own, because the kernel counts threads by
#: user, and some tests start as many as they may.
ORDINARY_USER = 1000 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

_ARM = platform.machine() == "aarch64"
UNSHARE = 97 if _ARM else 272
SECCOMP = 277 if _ARM else 317
LANDLOCK_CREATE_RULESET = 444

#: A machine with the kernel setting user.max_user_namespaces = 0.
WITHOUT_NAMESPACES = """
be_ordinary(); be_root_of_a_namespace()
with open('/proc/sys/user/max_user_namespaces', 'w') as file: file.write('0')
"""
#: A container of Docker, whose filter refuses to unshare.
IN_A_CONTAINER = f"be_ordinary(); refuse({UNSHARE})"
#: A kernel older than Landlock, in such a container.
WITHOUT_LANDLOCK = f"be_ordinary(); refuse({UNSHARE}); deny({LANDLOCK_CREATE_RULESET})"

_PRELUDE = (
    f"""
PROJECT = {str(REPOSITORY)!r}
USER = {ORDINARY_USER}"""
    + """
import ctypes, os, pathlib, resource, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
def mount(source, place, kind, flags, options):
    words = [word and str(word).encode() for word in (source, place, kind)]
    done = libc.mount(*words, ctypes.c_ulong(flags), options and options.encode())
    assert done == 0, (place, os.strerror(ctypes.get_errno()))
def be_ordinary():
    if os.geteuid() != 0: return
    assert libc.unshare(0x20000) == 0  # CLONE_NEWNS
    mount(None, "/", None, 0x44000, None)  # MS_REC | MS_PRIVATE
    here = os.getcwd()
    for folder, _, files in os.walk(OWN) if OWN else ():
        for path in [folder, *(os.path.join(folder, name) for name in files)]:
            os.chown(path, USER, USER, follow_symlinks=False)
    behind = {}  # closed folder -> what must be reached beneath it
    for needed in {OWN or PROJECT, PROJECT, sys.prefix, sys.base_prefix}:
        place = pathlib.Path(needed).resolve()
        closed = [p for p in [*reversed(place.parents), place] if not p.stat().st_mode & 1]
        if closed and closed[0] != place: behind.setdefault(closed[0], []).append(place)
    for folder, places in behind.items():
        kept = [(place, os.open(place, os.O_PATH)) for place in places]
        mount("tmpfs", folder, "tmpfs", 0, "mode=755")
        for place, descriptor in kept:
            place.mkdir(parents=True, exist_ok=True)
            mount(f"/proc/self/fd/{descriptor}", place, None, 0x5000, None)  # MS_BIND | MS_REC
            os.close(descriptor)
    os.chdir(here)
    os.setgroups([]); os.setresgid(USER, USER, USER); os.setresuid(USER, USER, USER)
    libc.prctl(4, 1, 0, 0, 0)  # dumpable, as after any exec
def be_root_of_a_namespace():
    user, group = os.geteuid(), os.getegid()
    assert libc.unshare(0x10000000) == 0
    for name, text in [("setgroups", "deny"), ("uid_map", f"0 {user} 1"),
                       ("gid_map", f"0 {group} 1")]:
        with open(f"/proc/self/{name}", "w") as file: file.write(text)
def answer(call, error):
    code = [(0x20, 0, 0, 0), (0x15, 0, 1, call), (0x06, 0, 0, 0x50000 | error),
            (0x06, 0, 0, 0x7FFF0000)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
    header = struct.pack("HxxxxxxP", len(code), ctypes.addressof(program))
    assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, header, 0, 0) == 0
def deny(call): answer(call, 38)
def refuse(call): answer(call, 1)
"""
)


def on_a_machine(where: str, command: Sequence[str], own: Path | None = None) -> list[str]:
    """The command that runs another command on a machine that statements describe (see above).

    Args:
        where: the statements.
        command: what to run; its first word must be a path.
        own: a folder that belongs to the ordinary user, with all its content.
    """
    own_folder = f"OWN = {own and str(own)!r}"
    again = f"os.execv({command[0]!r}, {list(command)!r})"
    return [sys.executable, "-c", f"{own_folder}\n{_PRELUDE}\n{where}\n{again}"]
