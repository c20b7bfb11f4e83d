"""An executor of batches: processes on this machine's cores."""

from __future__ import annotations

import os
import pickle
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from typing import Any, Final, ParamSpec, TypeVar

from grader.errors import GraderError
from grader.grading.backend import ProcessLost
from grader.grading.current_check import CurrentCheck
from grader.grading.executor_process import Messages
from grader.signals import delay_signals

P = ParamSpec("P")
T = TypeVar("T")

_SECONDS_TO_END: Final = 1.0  # until a process that was killed has ended

#: A process is killed after so many seconds on the clock at one check. All calls of a student's
#: code in one check take far less, even on a busy machine.
_SECONDS_AT_ONE_CHECK: Final = 300.0
_SECONDS_BETWEEN_LOOKS: Final = 5.0

#: The process finds modules where this one does, so it knows the same functions.
_PROGRAM: Final = """
import sys
sys.path[:] = sys.argv[5:]
from grader.grading.executor_process import serve
serve(*map(int, sys.argv[1:5]))
"""


@contextmanager
def local_executor(jobs: int) -> Iterator[LocalExecutor]:
    """An executor on this machine's cores. Its processes end with the block.

    If an exception leaves the block, they are killed at once.

    Args:
        jobs: how many processes it has.

    Raises:
        GraderError: no process can be started here.
    """
    with delay_signals():
        executor = LocalExecutor(jobs)
    try:
        yield executor
    except BaseException:
        with delay_signals():
            executor.end_at_once()
        raise
    executor.shutdown()


class LocalExecutor(Executor):
    """Processes that share nothing: a lost process costs its own call and no other.

    A call whose process is lost raises ``ProcessLost``; the next call gets a new process. Each
    process is a Python program of its own, without the threads and the memory of this one.

    The pool of the standard library shares two queues with locks among its processes. If a process
    is killed while it holds a lock, the others wait for ever; if it is killed while it writes a
    result, its owner does. Here each process has its own socket, which closes when it ends.
    """

    def __init__(self, jobs: int) -> None:
        """Start the processes.

        Raises:
            GraderError: one cannot be started.
        """
        self._slots = [_ProcessSlot(number, jobs) for number in range(jobs)]
        # The process that has been idle longest comes first, so the calls go round all of them.
        self._idle: queue.SimpleQueue[_ProcessSlot] = queue.SimpleQueue()
        for slot in self._slots:
            self._idle.put(slot)
        self._threads = ThreadPoolExecutor(jobs)
        try:
            for slot in self._slots:
                slot.start()
        except BaseException:
            self.end_at_once()
            raise

    def submit(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See the base class. The task, its arguments and its result are pickled."""
        return self._threads.submit(self._call, task, args, kwargs)

    def _call(self, task: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        slot = self._idle.get()
        try:
            result: T = slot.call(task, args, kwargs)
        finally:
            self._idle.put(slot)
        return result

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """See the base class. It always waits until each process has closed what it opened."""
        self._threads.shutdown(cancel_futures=cancel_futures)
        for slot in self._slots:
            slot.dismiss()
        for slot in self._slots:
            slot.wait()

    def end_at_once(self) -> None:
        """Kill all processes, and start no other."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for slot in self._slots:
            slot.end()
        self._threads.shutdown()  # their calls have ended with the processes
        for slot in self._slots:
            slot.dismiss()
            slot.wait(_SECONDS_TO_END)


class _ProcessSlot:
    """The place for one process of an executor. After a loss, a new process fills it."""

    def __init__(self, number: int, jobs: int) -> None:
        # With the process id, two graders do not begin at the same core.
        self._arguments = (os.getpid() + number, jobs)
        self._starting = threading.Lock()
        self._is_ended = False
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: Messages | None = None
        self._current_check = CurrentCheck()

    def start(self) -> Messages:
        """Start a process; return our end of its socket.

        Raises:
            GraderError: none can be started here.
            BrokenExecutor: the executor has ended.
        """
        with self._starting:
            if self._is_ended:
                raise BrokenExecutor("the executor has ended its processes")
            started = _start_process(*self._arguments)
            self._process, self._messages, self._current_check = started
            return self._messages

    def call(self, task: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function in the process; return what it returns, and raise what it raises."""
        request = pickle.dumps((task, args, kwargs))
        messages = self._messages or self.start()
        self._current_check.clear()
        try:
            messages.send(request)
            self._wait_for_reply(messages)
            is_error, outcome = messages.receive()
        except (EOFError, OSError) as error:
            code = self._forget()
            overran = code == -signal.SIGVTALRM
            raise ProcessLost(self._current_check.read(), overran=overran) from error
        if is_error:
            raise outcome
        return outcome

    def _wait_for_reply(self, messages: Messages) -> None:
        """Wait until a reply begins, or the process ends; kill it if it stays at one check.

        The process limits its own CPU time. A check that waits for ever uses none.
        """
        place, since = self._current_check.read(), time.monotonic()
        while not wait([messages.fileno()], _SECONDS_BETWEEN_LOOKS):
            now = self._current_check.read()
            if now != place:
                place, since = now, time.monotonic()
            elif place is not None and time.monotonic() - since > _SECONDS_AT_ONE_CHECK:
                assert self._process is not None
                self._process.kill()
                return

    def _forget(self) -> int | None:
        """Make sure that a lost process has ended. The next call starts another.

        Returns:
            Its exit code; None if it has not ended yet.
        """
        with self._starting:
            if self._process is not None:
                self._process.kill()
        self.dismiss()
        self.wait(_SECONDS_TO_END)
        code = self._process.returncode if self._process is not None else None
        self._process = None
        return code

    def dismiss(self) -> None:
        """Tell the process that no more calls will come."""
        messages, self._messages = self._messages, None
        if messages is not None:
            messages.close()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the process has ended."""
        # Another thread may set it to None meanwhile: after Ctrl-C in the middle of `submit` there
        # is a thread that the pool does not know and does not wait for.
        process = self._process
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            assert process.stdin is not None
            process.stdin.close()

    def end(self) -> None:
        """Kill the process, and start no other."""
        with self._starting:
            self._is_ended = True
            if self._process is not None:
                self._process.kill()


def _start_process(
    number: int, jobs: int
) -> tuple[subprocess.Popen[bytes], Messages, CurrentCheck]:
    """Start a process that serves calls; return it, our end of its socket, and its current check.

    Args:
        number: of the process among all.
        jobs: how many there are.

    Raises:
        GraderError: none can be started here.
    """
    # numpy starts threads for large matrices. Those of a batch are small, and its threads would
    # only take cores from other batches.
    environment = {"OPENBLAS_NUM_THREADS": "1", **os.environ}
    options = [*["-O"] * sys.flags.optimize, *["-B"] * sys.flags.dont_write_bytecode, "-P"]
    try:
        ours, theirs = socket.socketpair()
        with theirs, CurrentCheck.new_file() as file:
            memory = file.fileno()
            current_check = CurrentCheck.in_file(memory)
            arguments = map(str, (theirs.fileno(), memory, number, jobs))
            try:
                process = subprocess.Popen(
                    [sys.executable, *options, "-c", _PROGRAM, *arguments, *sys.path],
                    stdin=subprocess.PIPE,  # only the grader can write to it, so it ends with that
                    pass_fds=[theirs.fileno(), memory],
                    process_group=0,  # Ctrl-C is for the grader alone
                    env=environment,
                )
            except BaseException:
                ours.close()
                raise
    except OSError as error:
        raise GraderError(
            f"no process can be started to grade in ({error.strerror or error}). "
            "End other programs, and run the same command again."
        ) from error
    return process, Messages(ours), current_check
