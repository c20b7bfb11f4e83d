"""This machine's cores as an executor of batches."""

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
from grader.grading.current_check import CurrentCheck, Place
from grader.grading.executor_process import Messages
from grader.signals import delay_signals

P = ParamSpec("P")
T = TypeVar("T")

_PATIENCE: Final = 1.0  # seconds until a process that was killed has ended

#: Seconds on the clock at one check, after which the process is ended: far more than all calls of a
#: student's may take there, on a busy machine, too.
_MAX_STAY: Final = 300.0
_BETWEEN_LOOKS: Final = 5.0  # seconds

#: Finds modules where this process does, so that it knows the same functions.
_PROGRAM: Final = """
import sys
sys.path[:] = sys.argv[5:]
from grader.grading.executor_process import serve
serve(*map(int, sys.argv[1:5]))
"""


class ProcessLost(BrokenExecutor):
    """A process ended while it was at work."""

    def __init__(self, place: Place | None, *, overran: bool) -> None:
        """Keep what is known of it.

        Args:
            place: where it was; None if it was at no check.
            overran: whether it was ended because the check went on and on.
        """
        super().__init__("a grading process was lost")
        self.place = place
        self.overran = overran


@contextmanager
def local_executor(jobs: int) -> Iterator[LocalExecutor]:
    """An executor over this machine's cores, whose processes end with the block.

    An exception that leaves the block ends them at once, whatever they are doing.

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
    """Processes that share nothing: one that is lost costs its own call, and no other.

    A call whose process is lost raises :class:`ProcessLost`; the next call gets another process.
    Each is a Python program of its own, with neither the threads nor the memory of this one.

    The standard library's pool has two queues for all of its processes, with locks on them. One
    that is killed while it holds a lock leaves the others waiting for ever, and one that is killed
    while it writes a result leaves its owner waiting. Here each has a socket of its own, whose end
    is noticed whenever it comes.
    """

    def __init__(self, jobs: int) -> None:
        """Start the processes.

        Raises:
            GraderError: one cannot be started.
        """
        self._slots = [_ProcessSlot(number, jobs) for number in range(jobs)]
        # The process that has waited longest comes first: of as many calls as there are processes,
        # made at the same time, each process gets one.
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
        """See the base class. It always waits: each process closes what it has opened."""
        self._threads.shutdown(cancel_futures=cancel_futures)
        for slot in self._slots:
            slot.dismiss()
        for slot in self._slots:
            slot.wait()

    def end_at_once(self) -> None:
        """End all processes, whatever they are doing, and start no other."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for slot in self._slots:
            slot.end()
        self._threads.shutdown()  # their calls have ended with the processes
        for slot in self._slots:
            slot.dismiss()
            slot.wait(_PATIENCE)


class _ProcessSlot:
    """One of an executor's processes; after that is lost, the next one in its place."""

    def __init__(self, number: int, jobs: int) -> None:
        # Two graders shall not begin at the same core.
        self._arguments = (os.getpid() + number, jobs)
        self._starting = threading.Lock()
        self._is_ended = False
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: Messages | None = None
        self._current_check = CurrentCheck()

    def start(self) -> Messages:
        """Start a process; return this end of its socket.

        Raises:
            GraderError: none can be started here.
            BrokenExecutor: none shall be started any more.
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
        """Wait until a reply begins, or the process ends; end it if it stays where it is.

        CPU time has limits within the process; a check that waits for ever uses none.
        """
        place, since = self._current_check.read(), time.monotonic()
        while not wait([messages.fileno()], _BETWEEN_LOOKS):
            now = self._current_check.read()
            if now != place:
                place, since = now, time.monotonic()
            elif place is not None and time.monotonic() - since > _MAX_STAY:
                assert self._process is not None
                self._process.kill()
                return

    def _forget(self) -> int | None:
        """Make sure that a process which was lost has ended; the next call starts another.

        Returns:
            Its exit code, if it has ended by now.
        """
        with self._starting:
            if self._process is not None:
                self._process.kill()
        self.dismiss()
        self.wait(_PATIENCE)
        code = self._process.returncode if self._process is not None else None
        self._process = None
        return code

    def dismiss(self) -> None:
        """Tell the process that no call will come any more."""
        messages, self._messages = self._messages, None
        if messages is not None:
            messages.close()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the process has ended."""
        # A call's thread may forget the process meanwhile: Ctrl-C in the middle of `submit` leaves
        # a thread that the pool does not know, so nobody waits for it.
        process = self._process
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            assert process.stdin is not None
            process.stdin.close()

    def end(self) -> None:
        """End the process, whatever it is doing, and start no other."""
        with self._starting:
            self._is_ended = True
            if self._process is not None:
                self._process.kill()


def _start_process(
    number: int, jobs: int
) -> tuple[subprocess.Popen[bytes], Messages, CurrentCheck]:
    """A process that serves calls, this end of its socket, and where the process is.

    Args:
        number: of the process among all.
        jobs: how many there are.

    Raises:
        GraderError: none can be started here.
    """
    # A batch multiplies small matrices; the threads that numpy would start for large ones only
    # take the cores from other batches.
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
                    stdin=subprocess.PIPE,  # it ends with the grader, which alone can write there
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
