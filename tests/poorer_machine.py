"""Programs run as on a machine that offers less: really denied, for them and all they start.

``be(number)`` makes them user `number` of a user namespace of their own: 1000 is an ordinary user,
without a capability after the exec; 0 is root of it, who may set the namespace's own limits.
``deny(call)`` makes a system call answer ENOSYS; ``refuse(call)`` makes it answer EPERM, as the
filters of container runtimes do.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence

_ARM = platform.machine() == "aarch64"
UNSHARE = 97 if _ARM else 272
SECCOMP = 277 if _ARM else 317
LANDLOCK_CREATE_RULESET = 444

#: As the kernel setting user.max_user_namespaces = 0 has it.
WITHOUT_NAMESPACES = """
be(0)
with open('/proc/sys/user/max_user_namespaces', 'w') as file: file.write('0')
"""
#: As in a container of Docker's, whose filter refuses to unshare.
IN_A_CONTAINER = f"be(1000); refuse({UNSHARE})"
#: A kernel older than Landlock, in such a container.
WITHOUT_LANDLOCK = f"be(1000); refuse({UNSHARE}); deny({LANDLOCK_CREATE_RULESET})"

_PRELUDE = """
import ctypes, os, resource, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
def be(number):
    user, group = os.geteuid(), os.getegid()
    assert libc.unshare(0x10000000) == 0
    for name, text in [("setgroups", "deny"), ("uid_map", f"{number} {user} 1"),
                       ("gid_map", f"{number} {group} 1")]:
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


def on_a_machine(where: str, command: Sequence[str]) -> list[str]:
    """The command that runs another one as on a machine described by statements (see above)."""
    again = f"os.execv({command[0]!r}, {list(command)!r})"
    return [sys.executable, "-c", f"{_PRELUDE}\n{where}\n{again}"]
