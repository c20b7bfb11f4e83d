"""The preflight: before any student code runs, a real worker tries all forbidden acts."""

from __future__ import annotations

import _thread
import ctypes
import os
import signal
import socket
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

_PTRACE_TRACEME: Final = 0


def find_working_acts(secret_paths: Sequence[str]) -> list[str]:
    """Name the forbidden acts that work in this process.

    Args:
        secret_paths: files and folders of the host that must not be readable.
    """
    random_name = os.urandom(8).hex()
    acts: dict[str, Callable[[], object]] = {
        f"read {path}": partial(_read, path) for path in secret_paths
    }
    acts |= {
        "write outside the scratch folder": lambda: _write(f"/var/tmp/{random_name}"),  # noqa: S108
        "open a socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close(),
        "open a local socket": lambda: socket.socketpair()[0].close(),
        "start a process": _fork,
        "run a program": _execute,
        "signal another process": lambda: os.kill(os.getppid(), 0),
        "signal every process": lambda: os.kill(-1, 0),
        "start any number of threads": _start_thread_above_limit,
        "trace": _trace,  # last: a traced process stops at its next signal
    }
    worked = []
    for name, act in acts.items():
        try:
            act()
        except OSError:
            continue
        worked.append(name)
    return worked + [f"see the variable {name}" for name in foreign_variables()]


def foreign_variables() -> list[str]:
    """Environment variables that neither the trusted end nor the system has set."""
    return [name for name in os.environ if name not in _OWN_VARIABLES]


#: The variables that the trusted end sets; the environment is empty otherwise.
_OWN_VARIABLES: Final = frozenset(
    {"LC_ALL", "PYTHONHASHSEED", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"}
    # Of Python, Windows and macOS themselves.
    | {"LC_CTYPE", "SYSTEMROOT", "__CF_USER_TEXT_ENCODING", "__PYVENV_LAUNCHER__"}
)


def _read(path: str) -> None:
    if os.path.isdir(path):
        os.listdir(path)
    else:
        with open(path, "rb") as file:
            file.read(1)


def _write(path: str) -> None:
    with open(path, "wb"):
        os.unlink(path)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _execute() -> None:
    # This starts a child first; if that is refused, so is running a program.
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.kill(pid, signal.SIGKILL)


def _start_thread_above_limit() -> None:
    import resource  # noqa: PLC0415  (not every system has it)

    resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))  # of a worker that does nothing else
    try:
        _thread.start_new_thread(os.getpid, ())
    except RuntimeError as refused:
        raise OSError(str(refused)) from refused


def _trace() -> None:
    if ctypes.CDLL(None).ptrace(_PTRACE_TRACEME, 0, 0, 0) != 0:
        raise OSError("ptrace")
