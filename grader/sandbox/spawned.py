"""Workers of the level ``process``: fresh programs, started in the same way on every system.

Each is a Python of its own with an empty environment, spoken to over its standard input and
output; what it prints comes over its standard error. Nothing here needs Linux: pipes are read by
threads, because not every system can wait for several at once. Where many are needed, the next one
is always started ahead: importing numpy then costs nobody time while there is a core to spare.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import IO, Any, Final

from grader.errors import SandboxError
from grader.sandbox import wire
from grader.sandbox.channel import PIECE, Ended, Ending, Worker
from grader.sandbox.faults import TimedOut
from grader.sandbox.interpreter import Packages
from grader.sandbox.launch import launch
from grader.sandbox.levels import SandboxLimits

_START_SECONDS: Final = 60.0
_MAX_WAITING: Final = 64  # pieces read ahead of us, at most
_END_SECONDS: Final = 1.0  # until a killed process's pipes are at their end
_POLL_SECONDS: Final = 0.005


class Spawned:
    """Starts workers, each a program of its own; holds one, and the next one ready."""

    def __init__(
        self,
        limits: SandboxLimits,
        packages: Packages,
        first: subprocess.Popen[bytes] | None = None,
        *,
        ahead: bool = True,
        own_code: bool = False,
    ) -> None:
        """Prepare, without starting anything.

        Args:
            limits: of every call and lesson.
            packages: what student code may import.
            first: a process that :func:`grader.sandbox.launch.launch` has started already.
            ahead: whether the next worker is started before it is asked for.
            own_code: whether the user runs nobody's code but their own.
        """
        self._own_code = own_code
        self.limits = limits
        self.packages = packages
        self._first = first
        self._ahead = ahead
        self._worker: SpawnedWorker | None = None
        self._next: SpawnedWorker | None = None
        self._open = False

    def start(self) -> None:
        """Start the first worker, if one is wanted before it is asked for."""
        if not self._own_code:
            _close_own_memory()
        self._open = True
        if self._first is not None:
            self._next = SpawnedWorker(self._first, self.limits.output_bytes)
        elif self._ahead:
            self._next = self._spawn()

    def close(self) -> None:
        """End every worker. May be called twice."""
        self._open = False
        for worker in (self._worker, self._next):
            if worker is not None:
                worker.kill()
                worker.close()
        self._worker = self._next = None

    def worker(self) -> SpawnedWorker:
        """A fresh worker. The one before must have been ended.

        Raises:
            SandboxError: it ended before it was ready, with the reason it gave.
        """
        if not self._open:
            raise SandboxError("the sandbox is closed")
        worker = self._next or self._spawn()
        self._worker, self._next = worker, None
        try:
            worker.wait(time.monotonic() + _START_SECONDS)
        except (Ended, TimedOut) as fault:
            ending = self.end_worker(_END_SECONDS)
            worker.close()
            lines = worker.output.decode("utf-8", "replace").strip().splitlines()
            reason = lines[-1] if lines else str(fault) or str(ending)
            raise SandboxError(f"a worker could not be started: {reason}") from fault
        worker.cpu_at_start = _cpu_seconds(worker.process)
        if self._ahead:
            self._next = self._spawn()
        return worker

    def cpu_seconds(self) -> float:
        """CPU time that the present worker has used so far; 0 where the system does not tell."""
        worker = self._present()
        return max(_cpu_seconds(worker.process) - worker.cpu_at_start, 0.0)

    def discard_worker(self) -> None:
        """Kill the present worker."""
        self.end_worker()

    def end_worker(self, grace: float = 0.0) -> Ending:
        """Kill the present worker, or let it end by itself within ``grace`` seconds."""
        worker = self._present()
        self._worker = None
        used = max(_cpu_seconds(worker.process) - worker.cpu_at_start, 0.0)
        until = time.monotonic() + grace
        while worker.process.poll() is None and time.monotonic() < until:
            time.sleep(_POLL_SECONDS)
        forced = worker.process.returncode is None
        worker.kill()
        code = worker.process.returncode
        return Ending(max(code, 0), max(-code, 0), forced, used)

    def _present(self) -> SpawnedWorker:
        if self._worker is None:
            raise SandboxError("the sandbox is closed")
        return self._worker

    def _spawn(self) -> SpawnedWorker:
        return SpawnedWorker(launch(self.limits, self.packages), self.limits.output_bytes)


class SpawnedWorker(Worker):
    """A worker with a pipe to ask it, one for its answers, and one with what it prints."""

    def __init__(self, process: subprocess.Popen[bytes], output_bytes: int) -> None:
        """Start to listen. The first answer, to no request, says that it is ready."""
        super().__init__(output_bytes)
        self.process = process
        self.cpu_at_start = 0.0
        self._token = wire.NO_TOKEN
        self._pieces: queue.Queue[bytes] = queue.Queue(_MAX_WAITING)
        self._closed = False
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._requests = process.stdin
        self._drain = _in_background(_read_all, process.stderr, self._keep_output)
        _in_background(_read_all, process.stdout, self._take)

    def close(self) -> None:
        """Give up the descriptors, once what was printed has been read."""
        self._closed = True
        self._drain.join(_END_SECONDS)  # longer only if a process of the student's holds it open
        with suppress(OSError):
            self._requests.close()

    def kill(self) -> None:
        """Kill the process, and what it started and did not part from itself."""
        self._closed = True
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def ask(self, request: bytes, deadline: float) -> bytes:
        """Send a request and wait for its answer; see :meth:`Worker.ask`."""
        # In the background: a worker that does not read would keep us waiting.
        _in_background(_write_all, self._requests, self._new_frame(request))
        return self.wait(deadline)

    def wait(self, deadline: float) -> bytes:
        """Wait for the open request's answer; see :meth:`Worker.ask`."""
        while True:
            data = self._answer()
            if data is not None:
                return data
            try:
                piece = self._pieces.get(timeout=max(deadline - time.monotonic(), 0.0))
            except queue.Empty:
                raise TimedOut("no answer in time") from None
            if not piece:
                self._pieces.put(b"")  # it stays at its end
                raise Ended
            self._received += piece

    def _take(self, piece: bytes) -> None:
        while not self._closed:  # one that floods us waits; one that is closed is not waited for
            with suppress(queue.Full):
                self._pieces.put(piece, timeout=_END_SECONDS)
                return


def _in_background(what: Any, *args: Any) -> threading.Thread:
    thread = threading.Thread(target=what, args=args, daemon=True)
    thread.start()
    return thread


def _read_all(pipe: IO[bytes], take: Any) -> None:
    """Hand on what comes, and ``b""`` at the end; whoever reads a pipe closes it."""
    with pipe:
        while True:
            try:
                piece = pipe.read(PIECE)
            except OSError:
                piece = b""
            take(piece)
            if not piece:
                return


def _write_all(pipe: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    with suppress(OSError, ValueError):  # it has ended, or was closed: the reader tells
        while view:
            view = view[pipe.write(view) :]


def _cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """CPU time of a process, all its threads together; 0 where the system does not tell."""
    if sys.platform != "linux" or process.returncode is not None:
        return 0.0
    # A process's clock id, as the kernel makes it from the pid: see clock_getcpuclockid(3).
    try:
        return time.clock_gettime((~process.pid << 3) | 2)
    except OSError:
        return 0.0  # it has just ended


def _close_own_memory() -> None:
    """Keep other processes of the same user out of this one's memory, where the system can.

    It holds the checks and the reference. On Linux, a process that is not dumpable cannot be
    traced, nor its memory read through /proc, but by root.
    """
    if sys.platform == "linux":
        from grader.sandbox.inside import syscalls  # noqa: PLC0415  (of Linux alone)

        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)
