"""Workers of the level ``process``: new programs, which start in the same way on every system.

Each is a Python of its own with an empty environment. Requests go to its standard input, replies
come from its standard output, and the prints of the student's code from its standard error. Threads
read the pipes, because not every system can wait for several at once. The next worker can be
started ahead, so that nobody waits while it imports numpy.
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
from grader.sandbox.interpreter import Packages, launch_spawned_worker
from grader.sandbox.levels import SandboxLimits
from grader.sandbox.process_clocks import cpu_seconds, queued_seconds

_START_SECONDS: Final = 60.0
_MAX_WAITING: Final = 64  # pieces that a thread may read before we take them
_END_SECONDS: Final = 1.0  # in which the pipes of a killed process come to their end
_POLL_SECONDS: Final = 0.005


class SpawnedWorkers:
    """Starts each worker as a new program; has the present one and perhaps the next one."""

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
            first: a worker's process, from :func:`.interpreter.launch_spawned_worker`.
            ahead: whether to start the next worker before it is needed.
            own_code: whether it is the user's own code that runs.
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
        """Start the first worker, if workers are started ahead."""
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

    def start_worker(self) -> SpawnedWorker:
        """Start a fresh worker. The previous one must have been ended.

        Raises:
            SandboxError: it ended before it was ready; the message has the reason it gave.
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
        worker.cpu_at_start = _cpu_seconds(worker)
        if self._ahead:
            self._next = self._spawn()
        return worker

    def cpu_seconds(self) -> float:
        """The CPU time of the present worker so far; 0 if the system does not tell."""
        worker = self._present()
        return max(_cpu_seconds(worker) - worker.cpu_at_start, 0.0)

    def queued_seconds(self) -> float:
        """Seconds in which the present worker was ready to compute, but no core was free."""
        return queued_seconds(self._present().process.pid)

    def discard_worker(self) -> None:
        """Kill the present worker."""
        self.end_worker()

    def end_worker(self, grace: float = 0.0) -> Ending:
        """Kill the present worker, or let it end by itself within ``grace`` seconds.

        One that computes for a quarter of them does something else than to end.
        """
        worker = self._present()
        self._worker = None
        before = _cpu_seconds(worker)
        used = max(before - worker.cpu_at_start, 0.0)
        until = time.monotonic() + grace
        while worker.process.poll() is None and time.monotonic() < until:
            if _cpu_seconds(worker) - before > grace / 4:
                break
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
        process = launch_spawned_worker(self.limits, self.packages)
        return SpawnedWorker(process, self.limits.output_bytes)


class SpawnedWorker(Worker):
    """A worker with three pipes: for requests, for replies, and for what it prints."""

    def __init__(self, process: subprocess.Popen[bytes], output_bytes: int) -> None:
        """Start to listen. The first reply answers no request: it says that the worker is ready."""
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
        self._readers = (
            _run_in_thread(_read_all, process.stderr, self._keep_output),
            _run_in_thread(_read_all, process.stdout, self._queue_piece),
        )

    def close(self) -> None:
        """Close the descriptors, once everything that was printed has been read."""
        self._closed = True
        # Unless a process of the student's holds the pipes open, this takes no time.
        until = time.monotonic() + _END_SECONDS
        for reader in self._readers:
            reader.join(max(until - time.monotonic(), 0.0))
        with suppress(OSError):
            self._requests.close()

    def kill(self) -> None:
        """Kill the process, and the processes that it started in its own process group."""
        self._closed = True
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def ask(self, request: bytes, deadline: float) -> bytes:
        """Send a request and wait for its reply; see :meth:`Worker.ask`."""
        # In a thread: a worker that does not read would block us.
        _run_in_thread(_write_all, self._requests, self._new_frame(request))
        return self.wait(deadline)

    def wait(self, deadline: float) -> bytes:
        """Wait for the open request's reply; see :meth:`Worker.ask`."""
        while True:
            data = self._take_reply()
            if data is not None:
                return data
            try:
                piece = self._pieces.get(timeout=max(deadline - time.monotonic(), 0.0))
            except queue.Empty:
                raise TimedOut("no reply in time") from None
            if not piece:
                self._pieces.put(b"")  # the end, for the next who waits
                raise Ended
            self._received += piece

    def _queue_piece(self, piece: bytes) -> None:
        while not self._closed:  # a worker that floods us waits; we do not wait for a closed one
            with suppress(queue.Full):
                self._pieces.put(piece, timeout=_END_SECONDS)
                return


def _run_in_thread(target: Any, *args: Any) -> threading.Thread:
    thread = threading.Thread(target=target, args=args, daemon=True)
    thread.start()
    return thread


def _read_all(pipe: IO[bytes], take: Any) -> None:
    """Pass each piece to ``take``, and ``b""`` at the end; then close the pipe."""
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
    with suppress(OSError, ValueError):  # the worker has ended, or was closed: the reader notices
        while view:
            view = view[pipe.write(view) :]


def _cpu_seconds(worker: SpawnedWorker) -> float:
    """CPU time of a worker's process; 0 once it has ended."""
    return cpu_seconds(worker.process.pid) if worker.process.returncode is None else 0.0


def _close_own_memory() -> None:
    """Keep other processes of the same user from reading this one's memory, if the system can.

    This process holds the checks and the reference. On Linux, only root can trace a process that is
    not dumpable, or read its memory through /proc.
    """
    if sys.platform == "linux":
        from grader.sandbox.inside import syscalls  # noqa: PLC0415  (of Linux alone)

        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)
