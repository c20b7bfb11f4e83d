"""This machine's cores as an executor of batches."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import multiprocessing.util
import os
import pickle
import queue
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, Final, ParamSpec, TypeVar

from grader.errors import GraderError
from grader.signals import delay_signals

P = ParamSpec("P")
T = TypeVar("T")

_PATIENCE: Final = 1.0  # seconds

#: Where all may write, on most systems.
_SHORT_FOLDERS: Final = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108
#: A socket's path has 103 bytes (macOS; Linux: 107); `multiprocessing` adds 32 to the folder.
_LONGEST_FOLDER: Final = 103 - len("/pymp-12345678/listener-12345678")


@contextmanager
def local_executor(jobs: int) -> Iterator[LocalExecutor]:
    """An executor over this machine's cores, whose processes end with the block.

    An exception that leaves the block ends them at once, whatever they are at.

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
    """Processes that share nothing: one that is lost costs the call that it was at, and no more.

    A call whose process is lost raises :class:`~concurrent.futures.BrokenExecutor`; the next one
    gets another process. All are forked from a server that has imported the grader, and no more:
    neither the caller's threads nor its memory are in them.

    The standard library's pool has two queues for all of its processes, with locks on them. One
    that is killed while it holds a lock leaves the others waiting for ever, and one that is killed
    while it writes a result leaves its owner so. Here each has a pipe of its own, whose end is
    noticed whenever it comes.
    """

    def __init__(self, jobs: int) -> None:
        """Start the server; a process is forked when it is first needed.

        Raises:
            GraderError: it cannot be started.
        """
        self._starting = threading.Lock()
        self._seats = [_Seat(number, jobs, self._starting) for number in range(jobs)]
        # Who has waited longest comes first: of as many calls as there are processes, made at the
        # same time, each process gets one.
        self._idle: queue.SimpleQueue[_Seat] = queue.SimpleQueue()
        for seat in self._seats:
            self._idle.put(seat)
        self._threads = ThreadPoolExecutor(jobs)
        with self._starting, _explained():
            _start_fork_server()

    def submit(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See the base class. The task, what it is given and what it returns are pickled."""
        return self._threads.submit(self._call, task, args, kwargs)

    def _call(self, task: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        seat = self._idle.get()
        try:
            returned: T = seat.call(task, args, kwargs)
        finally:
            self._idle.put(seat)
        return returned

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """See the base class. It always waits: each process puts away what it has."""
        self._threads.shutdown(cancel_futures=cancel_futures)
        for seat in self._seats:
            seat.dismiss()
        for seat in self._seats:
            seat.join()

    def end_at_once(self) -> None:
        """End all processes, whatever they are at, and start no other."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._starting:
            for seat in self._seats:
                seat.close()
        self._threads.shutdown()  # their calls have ended with the processes
        for seat in self._seats:
            seat.join(_PATIENCE)


class _Seat:
    """One of an executor's processes, or the next one in its place after that was lost."""

    def __init__(self, number: int, jobs: int, starting: threading.Lock) -> None:
        # Two graders shall not begin at the same core.
        self._settings = (os.getpid() + number, jobs)
        self._starting = starting
        self._is_closed = False
        self._process: multiprocessing.context.ForkServerProcess | None = None
        self._connection: Connection | None = None

    def call(self, task: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        connection = self._connection or self._start()
        try:
            connection.send((task, args, kwargs))
            is_error, outcome = connection.recv()
        except (EOFError, OSError) as error:
            self._lose()
            raise BrokenExecutor("a grading process was lost") from error
        if is_error:
            raise outcome
        return outcome

    def _start(self) -> Connection:
        deadline = time.monotonic() + _PATIENCE
        with self._starting:
            while not self._is_closed:
                try:
                    self._process, connection = _start_process(*self._settings)
                except (EOFError, ConnectionError) as error:
                    if time.monotonic() > deadline:
                        raise BrokenExecutor(
                            "the server that forks ends again and again"
                        ) from error
                    time.sleep(0.02)  # it is ending, and another can be started when it has
                else:
                    self._connection = connection
                    return connection
        raise BrokenExecutor("the executor has ended its processes")

    def _lose(self) -> None:
        """Forget the process, and make sure that it has ended."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if process is not None:
            _kill(process)
            process.join(_PATIENCE)
        if connection is not None:
            connection.close()

    def dismiss(self) -> None:
        """Tell the process that no call will come any more."""
        if self._connection is not None:
            self._connection.close()

    def join(self, timeout: float | None = None) -> None:
        """Wait until the process has ended, but no longer than this, in seconds."""
        if self._process is not None:
            self._process.join(timeout)

    def close(self) -> None:
        """End the process, whatever it is at, and start no other."""
        self._is_closed = True
        if (process := self._process) is not None:
            _kill(process)


def _kill(process: multiprocessing.process.BaseProcess) -> None:
    with suppress(ProcessLookupError):  # it has ended by itself
        process.kill()


def _start_process(
    number: int, jobs: int
) -> tuple[multiprocessing.context.ForkServerProcess, Connection]:
    """A process that serves calls, and this end of its pipe.

    Raises:
        GraderError: none can be started here.
        EOFError, ConnectionError: the server that forks it is ending.
    """
    with _explained():
        context = _start_fork_server()  # if it is not there, or not any more
        connection, its_end = context.Pipe()
        process = context.Process(target=_serve, args=(its_end, number, jobs), daemon=True)
        try:
            process.start()
        except BaseException:
            connection.close()
            raise
        finally:
            its_end.close()
    return process, connection


@contextmanager
def _explained() -> Iterator[None]:
    """Say what to do where the system has no room for processes and their sockets."""
    try:
        yield
    except ConnectionError:  # the other end's fault
        raise
    except OSError as error:
        raise GraderError(
            f"no process can be started to grade in ({error.strerror or error}). "
            "Make room in the folder for temporary files, and run the same command again."
        ) from error


def _serve(connection: Connection, number: int, jobs: int) -> None:
    """What a process does: call after call, until none can come any more."""
    _settle(number, jobs)
    while True:
        try:
            task, args, kwargs = connection.recv()
        except EOFError:
            return
        try:
            reply = pickle.dumps((False, task(*args, **kwargs)))
        except BaseException as error:  # noqa: BLE001  raised where it was called
            error.add_note("".join(traceback.format_exception(error)))
            reply = pickle.dumps((True, error))
        connection.send_bytes(reply)


def _start_fork_server() -> multiprocessing.context.ForkServerContext:
    """Start the server that forks the processes, if it does not run; it imports the grader."""
    # A batch multiplies small matrices; the threads that numpy would start for large ones only
    # take the cores from other batches. Must be set before numpy is imported there.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["grader.grading.process"])
    _choose_folder_for_sockets()
    # Ctrl-C is for the grader, not for those it starts, from their first moment on. (The tracker
    # is started first, because that would let the signal through again.)
    multiprocessing.resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        multiprocessing.forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return context


def _choose_folder_for_sockets() -> None:
    """Let ``multiprocessing`` keep its sockets in a short path: ``TMPDIR`` may be a longer one.

    Raises:
        GraderError: there is no such folder.
    """
    usual = tempfile.gettempdir()
    for folder in (usual, *_SHORT_FOLDERS):
        if len(os.fsencode(folder)) <= _LONGEST_FOLDER and os.access(folder, os.W_OK | os.X_OK):
            tempfile.tempdir = folder
            try:
                multiprocessing.util.get_temp_dir()  # made now, and used from now on
            finally:
                tempfile.tempdir = usual
            return
    raise GraderError(
        f"The folder for temporary files, {usual}, has too long a path for sockets. Set TMPDIR to "
        f"a folder that you may write to, of {_LONGEST_FOLDER} characters at the most."
    )


def _settle(number: int, jobs: int) -> None:
    """Make this process at home: on a core of its own, and not for longer than the grader runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which ends this
    if sys.platform == "linux":
        # The checks and the sandbox take turns. On one core that needs no interrupt of another,
        # and their memory stays in its cache: an eighth of the time.
        cores = sorted(os.sched_getaffinity(0))
        if jobs <= len(cores):
            with suppress(OSError):  # the cores may have been taken from us since; it is only speed
                os.sched_setaffinity(0, {cores[number % len(cores)]})
    _end_with_parent()


def _end_with_parent() -> None:
    """A batch process must not outlive the grader, however that ends; nor, then, its sandbox."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
