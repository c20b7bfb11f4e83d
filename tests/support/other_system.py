"""Programs run as on a system of another kind, where what only some systems have is gone.

The libraries that Python, numpy and click load are loaded before: they know what they run on.
"""

from __future__ import annotations

import sys

OTHER_SYSTEM = """
import ctypes, importlib.util, os, select, signal, socket, subprocess, sys, tempfile, threading
import numpy, numpy.random
for name in ("fcntl", "resource", "termios", "tty", "pty", "pwd", "grp"):
    sys.modules[name] = None
for owner, names in [
    (os, "fork pipe2 wait4 waitid killpg sched_getaffinity setsid posix_spawn getuid geteuid"),
    (select, "poll epoll"), (socket, "AF_UNIX send_fds recv_fds SOCK_SEQPACKET"),
    (ctypes, "CDLL PyDLL"), (signal, "pthread_sigmask SIGHUP SIGTSTP"),
]:
    for name in names.split():
        if hasattr(owner, name): delattr(owner, name)
sys.platform = "elsewhere"
"""
_WORKERS_TOO = """
from grader.sandbox import interpreter
elsewhere = {elsewhere!r}
boot = interpreter._BOOT.replace("from {{module}}", f"exec({{elsewhere!r}}); from {{{{module}}}}")
interpreter._BOOT = boot
"""


def grader_on_other_system(*words: str) -> list[str]:
    """The command that runs the grader's command line there; its workers are there as well."""
    return python_on_other_system(
        f"from grader.cli import main\nmain({list(words)!r}, prog_name='grader')"
    )


def python_on_other_system(run: str) -> list[str]:
    """The command that runs a program there; the grader's workers are there as well."""
    loaded = "import click, getpass, numpy.testing, pytest, tempfile, watchfiles, zipfile\n"
    program = loaded + OTHER_SYSTEM + _WORKERS_TOO.format(elsewhere=OTHER_SYSTEM)
    return [sys.executable, "-c", program + run]
