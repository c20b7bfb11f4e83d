"""Submissions in, a report out: batches over an executor.

A batch is graded by a plain function of plain records (:func:`grader.batch.grade_batch`), so any
``concurrent.futures.Executor`` can run it: this machine's cores by default, others later.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from grader.course import Course
from grader.errors import GraderError
from grader.intake import Submission
from grader.results import Report, StudentResult
from grader.sandbox.levels import Isolation
from grader.sandbox.preflight import Choice, weakest

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

#: Students in a batch, at most. A batch costs one collection of the checks, some 50 ms.
_MAX_BATCH: Final = 64

_ENDED_FROM_OUTSIDE: Final = (
    "a grading process was ended from outside (by the system, short of memory?). "
    "Run the same command again, with fewer --jobs if it happens again."
)


def grade_class(
    course: Course,
    batches: Iterable[Sequence[Submission]],
    executor: Executor,
    *,
    isolation: Isolation,
    waiting: int = 8,
    graded: Callable[[Sequence[StudentResult]], None] = lambda results: None,
) -> Report:
    """Grade all submissions.

    Args:
        course: the checks and solutions to grade against.
        batches: of any number of students; taken only as fast as they are graded.
        executor: runs the batches.
        isolation: the level to hold for every student; never lowered.
        waiting: how many batches are with the executor at the same time, at most.
        graded: told of each batch's results as they come in.

    Raises:
        CourseError, SandboxError: the class cannot be graded.
    """
    results: list[StudentResult] = []
    pending: set[Future[list[StudentResult]]] = set()
    coming = iter(batches)
    try:
        while True:
            for batch in islice(coming, waiting - len(pending)):
                pending.add(executor.submit(_grade_batch, course, isolation, batch))
            if not pending:
                break
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                results += future.result()
                graded(future.result())
    except BrokenExecutor as error:
        raise GraderError(_ENDED_FROM_OUTSIDE) from error
    results.sort(key=lambda result: result.student)
    graded_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Report(course.id, graded_at, isolation.value, tuple(results))


def choose_isolation(
    course: Course, executor: Executor, wanted: Isolation | None, *, processes: int
) -> Choice:
    """Find the level in force by trying the forbidden acts, in the processes that will grade.

    Each keeps the sandbox that it starts for this, so that asking costs no time.

    Args:
        course: whose limits and secrets the sandbox is tried with.
        executor: runs the batches.
        wanted: the level that was asked for; ``None`` for the strongest that can be had.
        processes: how many the executor has.

    Raises:
        IsolationRefused: it cannot be had here. The message says why, and what to do.
    """
    asked = [executor.submit(_choose_isolation, course, wanted) for _ in range(processes)]
    try:
        return weakest([future.result() for future in asked])
    except BrokenExecutor as error:
        raise GraderError(_ENDED_FROM_OUTSIDE) from error


def cut_into_batches(
    submissions: Iterable[Submission], count: int, jobs: int
) -> Iterator[Sequence[Submission]]:
    """Cut a class into batches of one size, as many for each job, none too large.

    Args:
        submissions: the class; read as batches are asked for.
        count: how many there are.
        jobs: how many batches are graded at the same time.
    """
    rounds = -(-count // (_MAX_BATCH * jobs)) if count else 0
    size = -(-count // (rounds * jobs)) if count else 1
    coming = iter(submissions)
    while batch := list(islice(coming, size)):
        yield batch


@contextmanager
def local_executor(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """An executor over this machine's cores; ended at once when its block is left by an exception.

    Its processes are forked from a server that has imported the grader, and no more: neither
    the caller's threads nor its memory are in them.
    """
    context = start_fork_server()
    started = context.Value("i", 0)
    executor = ProcessPoolExecutor(
        max_workers=jobs, mp_context=context, initializer=_settle, initargs=(jobs, started)
    )
    try:
        yield executor
    except BaseException:
        # Python would wait at its exit for what still runs, and has no public way not to.
        processes = list((executor._processes or {}).values())
        executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        raise
    executor.shutdown()


def start_fork_server() -> multiprocessing.context.ForkServerContext:
    """Start the server of :func:`local_executor`, which then imports the grader meanwhile."""
    # A batch multiplies small matrices; the threads that numpy would start for large ones only
    # take the cores from other batches. Must be set before numpy is imported there.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["grader.batch"])
    # Ctrl-C is for the grader, not for those it starts, from their first moment on. (The tracker
    # is started first, because that would let the signal through again.)
    multiprocessing.resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        multiprocessing.forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return context


def _choose_isolation(course: Course, wanted: Isolation | None) -> Choice:
    from grader.batch import choose_isolation  # noqa: PLC0415

    return choose_isolation(course, wanted)


def _grade_batch(
    course: Course, isolation: Isolation, submissions: Sequence[Submission]
) -> list[StudentResult]:
    # Imported where it runs: the process that hands out batches needs neither pytest nor numpy.
    from grader.batch import grade_batch  # noqa: PLC0415

    return grade_batch(course, isolation, submissions)


def _settle(jobs: int, started: Synchronized[int]) -> None:
    """Make this process at home: on a core of its own, and not for longer than the grader runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which ends this
    with started.get_lock():
        index = started.value
        started.value += 1
    if sys.platform == "linux":
        # The checks and the sandbox take turns. On one core that needs no interrupt of another,
        # and their memory stays in its cache: an eighth of the time.
        cores = sorted(os.sched_getaffinity(0))
        if jobs <= len(cores):
            # From another core on in every run, so that two graders at once do not share all.
            core = cores[(os.getppid() + index) % len(cores)]
            with suppress(OSError):  # a container may deny it: no more than time is lost
                os.sched_setaffinity(0, {core})
    _end_with_parent()


def _end_with_parent() -> None:
    """A batch process must not outlive the grader, however that ends; nor, then, its sandbox."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
