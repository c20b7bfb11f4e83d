"""Submissions in, results out: batches over an executor.

A batch is graded by a plain function of plain records
(:func:`grader.grading.grading_process.grade_batch`), so any
``concurrent.futures.Executor`` can run it: this machine's cores by default, others later.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from grader.course import Course
from grader.errors import GraderError
from grader.grading.current_check import REHEARSAL, Loss
from grader.grading.executors import ProcessLost
from grader.results import StudentResult
from grader.sandbox.levels import Isolation, LevelChoice
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from grader.grading.check_subjects import CheckSubject

Batch = Sequence[Submission]

#: Students in a batch, at most. A batch costs one collection of the checks, some 50 ms.
_MAX_BATCH: Final = 64

#: A student with whom the process is lost this often, alone, is not graded any more.
_MAX_TRIES: Final = 2

#: A student with whom processes are lost at so many places, none of which went on and on, is not
#: graded any more.
_MAX_PLACES: Final = 3

#: Losses in a row, beyond one of each batch that is being graded, after which it cannot be the
#: students: a batch is halved six times before a student is alone.
_MAX_LOSSES: Final = 12

ENDED_FROM_OUTSIDE: Final = (
    "a grading process was ended from outside (by the system, short of memory?). "
    "Run the same command again, with fewer --jobs if it happens again."
)


def grade_batches(
    course: Course,
    batches: Iterable[Batch],
    executor: Executor,
    *,
    isolation: Isolation,
    waiting: int = 8,
    on_results: Callable[[Sequence[StudentResult]], None] = lambda results: None,
) -> list[StudentResult]:
    """Grade all submissions; return the results sorted by student.

    A process that is lost costs the check that it was at: a timeout where that went on and on; else
    undecided, after a second loss. One that is lost at no check is graded again in halves, until
    the student with whom it is lost is alone, and undecided; or our error, if it is lost with the
    reference, too.

    Args:
        course: the checks and solutions to grade against.
        batches: of any number of students; taken only as fast as they are graded.
        executor: runs the batches. It raises ``BrokenExecutor`` for a call whose process is lost,
            and takes further calls after that; one that does not ends the run.
        isolation: the level to hold for every student; never lowered.
        waiting: how many batches are with the executor at the same time, at most.
        on_results: called with each batch's results as they come in.

    Raises:
        CourseError, SandboxError: the class cannot be graded.
        GraderError: processes are lost whatever is graded.
    """
    results: list[StudentResult] = []
    pending: dict[Future[list[StudentResult]], _Work] = {}
    again: deque[_Work] = deque()
    losses = 0
    coming = (_Work(batch) for batch in batches)
    broken: set[tuple[str, str]] = set()  # lessons and checks
    while True:
        while len(pending) < waiting and (work := again.popleft() if again else next(coming, None)):
            pending[_submit(executor, course, isolation, work, broken)] = work
        if not pending:
            break
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            work = pending.pop(future)
            try:
                batch_results = future.result()
            except BrokenExecutor as error:
                lost = error if isinstance(error, ProcessLost) else ProcessLost(None, overran=False)
                losses += not lost.overran
                if losses > waiting + _MAX_LOSSES:
                    raise GraderError(ENDED_FROM_OUTSIDE) from error
                if lost.overran and lost.place and lost.place.student == REHEARSAL:
                    broken.add((lost.place.lesson, lost.place.check))
                    again.append(work)
                else:
                    again.extend(_after_loss(work, lost))
            else:
                losses = 0
                results += batch_results
                on_results(batch_results)
    results.sort(key=lambda result: result.student)
    return results


@dataclass(frozen=True, slots=True)
class _Work:
    """A batch, and what is known of the processes that were lost with it."""

    batch: Batch
    tried: int = 0  # how often a process was lost at no check, with this student alone
    losses: tuple[Loss, ...] = ()  # with this student alone: these checks are not run any more
    suspect: Loss | None = None  # where one was lost that may have been ended from outside


def _submit(
    executor: Executor,
    course: Course,
    isolation: Isolation,
    work: _Work,
    broken: Collection[tuple[str, str]],
) -> Future[list[StudentResult]]:
    try:
        if work.tried > _MAX_TRIES:
            return executor.submit(_record_our_error, course, *work.batch)
        unknown = sum(not loss.overran for loss in work.losses)
        if work.tried == _MAX_TRIES or unknown >= _MAX_PLACES:
            return executor.submit(_record_undecided, course, isolation, *work.batch)
        return executor.submit(
            _grade_batch, course, isolation, work.batch, work.losses, frozenset(broken)
        )
    except BrokenExecutor as error:
        raise GraderError(ENDED_FROM_OUTSIDE) from error


def _after_loss(work: _Work, lost: ProcessLost) -> Iterator[_Work]:
    """What is graded again: the others of the batch, and the student with whom it was lost alone.

    A check that went on and on is not run again; any other place is left out when a process is lost
    there twice, because the first may have been ended from outside.
    """
    place = lost.place
    if place is None or place.student == REHEARSAL or work.tried:
        if len(work.batch) == 1:
            yield replace(work, tried=work.tried + 1)
            return
        middle = len(work.batch) // 2
        yield _Work(work.batch[:middle])
        yield _Work(work.batch[middle:])
        return
    before, (student, *after) = work.batch[: place.student], work.batch[place.student :]
    loss = Loss(place.lesson, place.check, lost.overran)
    if lost.overran or loss == work.suspect:
        yield _Work([student], losses=(*work.losses, loss))
    else:
        yield _Work([student], losses=work.losses, suspect=loss)
    yield from (_Work(others) for others in (before, after) if others)


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


# What a grading process is asked to do. Each function imports what it needs where it runs: the
# process that hands out batches needs neither pytest nor numpy.


def start_sandbox(course: Course, wanted: Isolation | None) -> LevelChoice:
    """See :func:`grader.grading.grading_process.start_sandbox`."""
    from grader.grading import grading_process  # noqa: PLC0415

    return grading_process.start_sandbox(course, wanted)


def list_subjects(course: Course) -> dict[str, list[CheckSubject]]:
    """See :func:`grader.grading.check_subjects.list_subjects`."""
    from grader.grading import check_subjects  # noqa: PLC0415

    return check_subjects.list_subjects(course)


def _grade_batch(
    course: Course,
    isolation: Isolation,
    batch: Batch,
    losses: Sequence[Loss],
    broken: Collection[tuple[str, str]],
) -> list[StudentResult]:
    from grader.grading import grading_process  # noqa: PLC0415

    return grading_process.grade_batch(course, isolation, batch, losses, broken)


def _record_undecided(
    course: Course, isolation: Isolation, student: Submission
) -> list[StudentResult]:
    from grader.grading import grading_process  # noqa: PLC0415

    return grading_process.record_undecided(course, isolation, student)


def _record_our_error(course: Course, student: Submission) -> list[StudentResult]:
    from grader.grading import grading_process  # noqa: PLC0415

    return grading_process.record_our_error(course, student)
