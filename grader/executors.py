"""This machine's cores as an executor of batches."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import multiprocessing.util
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from typing import Any, Final

from grader.errors import GraderError
from grader.stopping import undisturbed

_PATIENCE: Final = 1.0  # seconds

#: Where all may write, on most systems.
_SHORT_FOLDERS: Final = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108
#: A socket's path has 103 bytes (macOS; Linux: 107); `multiprocessing` adds 32 to the folder.
_LONGEST_FOLDER: Final = 103 - len("/pymp-12345678/listener-12345678")


@contextmanager
def local_executors(jobs: int) -> Iterator[Callable[[], ProcessPoolExecutor]]:
    """Executors over this machine's cores, one at a time: each call ends the one before.

    All are ended at once when the block is left by an exception. Their processes are forked from
    a server that has imported the grader, and no more: neither the caller's threads nor its memory
    are in them.

    Args:
        jobs: how many processes each has.
    """
    current: list[_Pool] = []

    def renew() -> _Pool:
        with undisturbed():
            while current:
                _end(current.pop())
            try:
                context = _start_fork_server()  # if it is not there, or not any more
                pool = _Pool(jobs, context, initializer=_settle, initargs=(jobs, os.getpid()))
            except OSError as error:
                raise GraderError(
                    f"no process can be started to grade in ({error.strerror or error}). "
                    "Make room in the folder for temporary files, and run the same command again."
                ) from error
            current.append(pool)
        return pool

    try:
        yield renew
    except BaseException:
        with undisturbed():
            while current:
                _end(current.pop())
        raise
    for executor in current:
        executor.shutdown()


def _start_fork_server() -> multiprocessing.context.ForkServerContext:
    """Start the server of :func:`local_executors`, which then imports the grader meanwhile."""
    # A batch multiplies small matrices; the threads that numpy would start for large ones only
    # take the cores from other batches. Must be set before numpy is imported there.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["grader.batch"])
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


class _Pool(ProcessPoolExecutor):
    """Starts a process as a whole or not at all: one that is half started could not be ended."""

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        """See the base class."""
        try:
            with undisturbed():
                return super().submit(*args, **kwargs)
        except (EOFError, OSError) as error:
            raise BrokenProcessPool("the server that forks its processes has ended") from error


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


def _end(executor: ProcessPoolExecutor) -> None:
    # Python would wait at its exit for what still runs, and has no public way not to.
    processes = list((executor._processes or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:  # while what they may be opening is still there
        process.join(_PATIENCE)


def _settle(jobs: int, grader: int) -> None:
    """Make this process at home: on a core of its own, and not for longer than the grader runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which ends this
    # Its processes are numbered, and two graders shall not begin at the same core.
    index = grader + int(multiprocessing.current_process().name.rpartition("-")[2])
    if sys.platform == "linux":
        # The checks and the sandbox take turns. On one core that needs no interrupt of another,
        # and their memory stays in its cache: an eighth of the time.
        cores = sorted(os.sched_getaffinity(0))
        if jobs <= len(cores):
            with suppress(OSError):  # the cores may have been taken from us since; it is only speed
                os.sched_setaffinity(0, {cores[index % len(cores)]})
    _end_with_parent()


def _end_with_parent() -> None:
    """A batch process must not outlive the grader, however that ends; nor, then, its sandbox."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
