"""Messages for a refused level: why this machine cannot hold it, and what to do.

A step of the confinement fails in the zygote, with an error number. This module turns the two into
the likeliest cause and its fix.
"""

from __future__ import annotations

import errno
import platform
import sys
from pathlib import Path
from typing import Final

from grader.sandbox.levels import Isolation

#: Kernel settings that deny user namespaces: (name, the value that denies, the value that allows).
_SETTINGS: Final = (
    ("kernel.unprivileged_userns_clone", "0", "1"),
    ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
    ("user.max_user_namespaces", "0", "10000"),
    ("user.max_pid_namespaces", "0", "10000"),
    ("user.max_net_namespaces", "0", "10000"),
    ("user.max_mnt_namespaces", "0", "10000"),
)

NAMESPACE_STEPS: Final = (
    "leaving the host's namespaces",
    "building a root of its own",
    "giving up privileges",
)


def why_refused(level: Isolation, step: str, code: int, reason: str) -> str:
    """The message of an IsolationRefused: what failed, why, and what to do.

    Args:
        level: the level that was refused.
        step: the step of the confinement that failed, as the zygote names it.
        code: the error number of the system call, or 0.
        reason: the system's error text.
    """
    lower = {Isolation.FULL: Isolation.FILTERED, Isolation.FILTERED: Isolation.PROCESS}.get(level)
    choice = f" Or ask for less: --isolation {lower}." if lower else ""
    return (
        f"isolation `{level}` cannot be had here: {step} failed ({reason}).\n"
        f"{cause_and_fix(step, code)}{choice}"
    )


def wrong_system() -> str | None:
    """Why this kind of system cannot confine a process; ``None`` if it can."""
    if sys.platform != "linux":
        return f"confining a process needs Linux, and this is {platform.system()}"
    machine = platform.machine()
    if machine not in MACHINES:
        return f"there is no system-call filter for {machine}, only for {' and '.join(MACHINES)}"
    return None


#: The machines that the system-call filter knows.
MACHINES: Final = ("x86_64", "aarch64")


def cause_and_fix(step: str, code: int) -> str:
    """The likeliest cause of a step's failure on this machine, and its fix."""
    if wrong := wrong_system():
        return f"{wrong[0].upper()}{wrong[1:]}. Grade on such a machine."
    if step in NAMESPACE_STEPS:
        return _namespace_cause(code)
    if step == "Landlock":
        return _landlock_cause(code)
    if step in {"seccomp", "no_new_privs"}:
        return (
            "The kernel lacks seccomp filters (CONFIG_SECCOMP_FILTER), or a container denies them: "
            "run it with --security-opt seccomp=unconfined."
        )
    if step == "limiting threads":
        return (
            "No limit counts root's threads. Grade as an ordinary user, or give the container back "
            "the capabilities KILL, SETGID and SETUID."
        )
    return "Something that the interpreter needs cannot be opened: check its installation."


def denying_settings() -> list[tuple[str, str, str]]:
    """Kernel settings that deny user namespaces here: (name, value, value that allows)."""
    denying = []
    for name, denies, allows in _SETTINGS:
        try:
            value = Path("/proc/sys", *name.split(".")).read_text("ascii").strip()
        except OSError:
            continue  # this kernel has no such setting
        if value == denies:
            denying.append((name, value, allows))
    return denying


def _namespace_cause(code: int) -> str:
    settings = denying_settings()
    if settings:
        causes = " and ".join(f"{name} = {value}" for name, value, _ in settings)
        fixes = " ".join(f"{name}={allows}" for name, _, allows in settings)
        return f"The kernel setting {causes} denies it. As root: sysctl -w {fixes}."
    if code == errno.ENOSPC:
        return (
            "The limit on namespaces is used up (user.max_*_namespaces, here or around this "
            "container). As root of the machine: sysctl -w user.max_user_namespaces=10000."
        )
    if code in {errno.EPERM, errno.EACCES}:
        return (
            "User namespaces are denied, as Docker and Jupyter hubs do by default. Run the "
            "container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
            "--security-opt systempaths=unconfined, or grade outside it."
        )
    if code in {errno.EINVAL, errno.ENOSYS}:
        return "The kernel was built without user namespaces (CONFIG_USER_NS): use another one."
    return "The machine does not let an ordinary user make namespaces."


def _landlock_cause(code: int) -> str:
    if code == errno.EOPNOTSUPP:
        return (
            "The kernel has Landlock, switched off at boot: add `landlock` to its parameter `lsm=`."
        )
    if code == errno.ENOSYS:
        release = platform.release()
        return (
            f"The kernel ({release}) has no Landlock, or a container hides it. It needs Linux "
            "5.13 or newer, built with CONFIG_SECURITY_LANDLOCK; in a container, --security-opt "
            "seccomp=unconfined."
        )
    return (
        "A container or security module denies Landlock: run it with --security-opt "
        "seccomp=unconfined."
    )
