"""Submissions in, results out: batches over an executor.

A batch is graded by a plain function of plain records
(:func:`grader.grading.process.grade_batch`), so any
``concurrent.futures.Executor`` can run it: this machine's cores by default, others later.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from itertools import islice
from typing import Final

from grader.course import Course
from grader.errors import GraderError
from grader.results import StudentResult
from grader.sandbox.levels import Isolation, LevelChoice, weakest_choice
from grader.submissions.submission import Submission

Batch = Sequence[Submission]

#: Students in a batch, at most. A batch costs one collection of the checks, some 50 ms.
_MAX_BATCH: Final = 64

#: A student with whom the process is lost this often, alone, is not graded.
_MAX_TRIES: Final = 2

#: Losses in a row, beyond one of each batch that is being graded, after which it cannot be the
#: students: a batch is halved six times before a student is alone.
_MAX_LOSSES: Final = 12

#: How often processes are asked for their level, before any student's code is run.
_MAX_STARTS: Final = 3

ENDED_FROM_OUTSIDE: Final = (
    "a grading process was ended from outside (by the system, short of memory?). "
    "Run the same command again, with fewer --jobs if it happens again."
)


def grade_class(
    course: Course,
    batches: Iterable[Batch],
    executor: Executor,
    *,
    isolation: Isolation,
    waiting: int = 8,
    graded: Callable[[Sequence[StudentResult]], None] = lambda results: None,
) -> list[StudentResult]:
    """Grade all submissions; return the results sorted by student.

    A batch whose process is lost is graded again in halves, until the student with whom it is
    lost is alone. That student's checks are our error.

    Args:
        course: the checks and solutions to grade against.
        batches: of any number of students; taken only as fast as they are graded.
        executor: runs the batches. It raises ``BrokenExecutor`` for a call whose process is lost,
            and takes further calls after that; one that does not ends the run.
        isolation: the level to hold for every student; never lowered.
        waiting: how many batches are with the executor at the same time, at most.
        graded: told of each batch's results as they come in.

    Raises:
        CourseError, SandboxError: the class cannot be graded.
        GraderError: processes are lost whatever is graded.
    """
    results: list[StudentResult] = []
    pending: dict[Future[list[StudentResult]], tuple[Batch, int]] = {}
    lost: deque[tuple[Batch, int]] = deque()  # with how often each was lost, if of one student
    losses = 0
    coming = ((batch, 0) for batch in batches)
    while True:
        while len(pending) < waiting and (work := lost.popleft() if lost else next(coming, None)):
            pending[_submit(executor, course, isolation, *work)] = work
        if not pending:
            break
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            batch, tried = pending.pop(future)
            try:
                batch_results = future.result()
            except BrokenExecutor as error:
                losses += 1
                if losses > waiting + _MAX_LOSSES:
                    raise GraderError(ENDED_FROM_OUTSIDE) from error
                lost.extend(_halves(batch, tried))
            else:
                losses = 0
                results += batch_results
                graded(batch_results)
    results.sort(key=lambda result: result.student)
    return results


def _submit(
    executor: Executor, course: Course, isolation: Isolation, batch: Batch, tried: int
) -> Future[list[StudentResult]]:
    try:
        if tried >= _MAX_TRIES:
            return executor.submit(_give_up, course, batch)
        return executor.submit(_grade_batch, course, isolation, batch)
    except BrokenExecutor as error:
        raise GraderError(ENDED_FROM_OUTSIDE) from error


def _halves(batch: Batch, tried: int) -> list[tuple[Batch, int]]:
    if len(batch) == 1:
        return [(batch, tried + 1)]
    middle = len(batch) // 2
    return [(batch[:middle], 0), (batch[middle:], 0)]


def choose_isolation(
    course: Course, executor: Executor, wanted: Isolation | None, *, processes: int
) -> LevelChoice:
    """Find the level in force by trying the forbidden acts, in the processes that will grade.

    Each keeps the sandbox that it starts for this, so that asking costs no time. Of the students'
    code nothing has run yet: when a process is lost, all are asked again.

    Args:
        course: whose limits and secrets the sandbox is tried with.
        executor: as for :func:`grade_class`.
        wanted: the level that was asked for; ``None`` for the strongest that can be had.
        processes: how many the executor has.

    Raises:
        IsolationRefused: it cannot be had here. The message says why, and what to do.
        GraderError: processes are lost again and again.
    """
    for tried in range(1, _MAX_STARTS + 1):
        try:
            asked = [executor.submit(_choose_isolation, course, wanted) for _ in range(processes)]
            return weakest_choice([future.result() for future in asked])
        except BrokenExecutor as error:
            if tried == _MAX_STARTS:
                raise GraderError(ENDED_FROM_OUTSIDE) from error
    raise AssertionError  # the last try returns or raises


def cut_into_batches(submissions: Iterable[Submission], jobs: int) -> Iterator[Batch]:
    """Cut a class into batches, as many for each job, none too large.

    Args:
        submissions: the class; read a round of batches ahead, so that a small class is cut evenly.
        jobs: how many batches are graded at the same time.
    """
    coming = iter(submissions)
    while ahead := list(islice(coming, _MAX_BATCH * jobs)):
        size = -(-len(ahead) // jobs)
        for start in range(0, len(ahead), size):
            yield ahead[start : start + size]


def _choose_isolation(course: Course, wanted: Isolation | None) -> LevelChoice:
    # Imported where it runs: the process that hands out batches needs neither pytest nor numpy.
    from grader.grading.process import choose_isolation  # noqa: PLC0415

    return choose_isolation(course, wanted)


def _grade_batch(course: Course, isolation: Isolation, submissions: Batch) -> list[StudentResult]:
    from grader.grading.process import grade_batch  # noqa: PLC0415

    return grade_batch(course, isolation, submissions)


def _give_up(course: Course, submissions: Batch) -> list[StudentResult]:
    from grader.grading.process import give_up  # noqa: PLC0415

    return give_up(course, submissions)
