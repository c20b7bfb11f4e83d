"""A process of an executor: it receives calls through a socket and answers them one by one."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import socket
import struct
import sys
import threading
import traceback
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any, Final

from grader.checks.time_limit import EXPENDABLE
from grader.grading.current_check import announce_in_file

_LENGTH: Final = struct.Struct("!Q")
_MOST_AT_ONCE: Final = 2**20  # bytes


class Messages:
    """Sends and receives pickled objects through a socket, each after its length.

    Both ends are our own processes. Of a student's program only plain values come this way.
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end

    def send(self, pickled: bytes) -> None:
        """Send one object.

        Raises:
            OSError: the other end is gone.
        """
        self._socket.sendall(_LENGTH.pack(len(pickled)) + pickled)

    def receive(self) -> Any:
        """Wait for one object.

        Raises:
            EOFError, OSError: the other end is gone.
        """
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size))
        return pickle.loads(self._read(length))  # noqa: S301  (see the class)

    def fileno(self) -> int:
        """The socket's descriptor."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the socket, which tells the other end that nothing more will come."""
        self._socket.close()

    def _read(self, count: int) -> bytearray:
        data = bytearray()
        while len(data) < count:
            part = self._socket.recv(min(count - len(data), _MOST_AT_ONCE))
            if not part:
                raise EOFError
            data += part
        return data


def serve(descriptor: int, memory: int, number: int, jobs: int) -> None:
    """Serve calls until the other end closes the socket.

    Args:
        descriptor: of the socket. Standard input stays open as long as the grader runs.
        memory: descriptor of the file in which this process announces its checks.
        number: of this process among those of its executor.
        jobs: how many processes the executor has.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which ends this
    os.environ[EXPENDABLE] = "1"
    announce_in_file(memory)
    _end_with_grader()
    _stay_on_one_core(number, jobs)
    messages = Messages(socket.socket(fileno=descriptor))
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        _serve(messages)  # what checks print is for nobody


def _serve(messages: Messages) -> None:
    gc.disable()  # what is imported for the first call is no garbage
    while True:
        try:
            task, args, kwargs = messages.receive()
        except EOFError:
            return
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        try:
            reply = pickle.dumps((False, task(*args, **kwargs)))
        except BaseException as error:  # noqa: BLE001  (raised where it was called)
            error.add_note("".join(traceback.format_exception(error)))
            reply = pickle.dumps((True, error))
        messages.send(reply)


def _end_with_grader() -> None:
    """End this process, and so its sandbox, when the grader ends, however it ends."""
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def wait_for_its_end() -> None:
        os.read(lifeline, 1)
        os._exit(1)

    threading.Thread(target=wait_for_its_end, daemon=True).start()


def _stay_on_one_core(number: int, jobs: int) -> None:
    """Keep this process on one core, if there are enough cores.

    The checks and the sandbox take turns. On the same core they need no interrupt of another one,
    and share its cache. That saves an eighth of the time.
    """
    if sys.platform == "linux":
        cores = sorted(os.sched_getaffinity(0))
        if jobs <= len(cores):
            with suppress(OSError):  # a core may be gone by now; this is only about speed
                os.sched_setaffinity(0, {cores[number % len(cores)]})
