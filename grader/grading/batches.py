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
from typing import TYPE_CHECKING, Final

from grader.course import Course
from grader.errors import GraderError
from grader.results import StudentResult
from grader.sandbox.levels import Isolation, LevelChoice
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from grader.grading.subjects import CheckSubject

Batch = Sequence[Submission]

#: Students in a batch, at most. A batch costs one collection of the checks, some 50 ms.
_MAX_BATCH: Final = 64

#: A student with whom the process is lost this often, alone, is not graded any more.
_MAX_TRIES: Final = 2

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

    A batch whose process is lost is graded again in halves, until the student with whom it is
    lost is alone. That student's checks are undecided; or our error, if it is lost with the
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
                on_results(batch_results)
    results.sort(key=lambda result: result.student)
    return results


def _submit(
    executor: Executor, course: Course, isolation: Isolation, batch: Batch, tried: int
) -> Future[list[StudentResult]]:
    try:
        if tried > _MAX_TRIES:
            return executor.submit(_record_our_error, course, *batch)
        if tried == _MAX_TRIES:
            return executor.submit(_record_undecided, course, isolation, *batch)
        return executor.submit(_grade_batch, course, isolation, batch)
    except BrokenExecutor as error:
        raise GraderError(ENDED_FROM_OUTSIDE) from error


def _halves(batch: Batch, tried: int) -> list[tuple[Batch, int]]:
    if len(batch) == 1:
        return [(batch, tried + 1)]
    middle = len(batch) // 2
    return [(batch[:middle], 0), (batch[middle:], 0)]


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
    """See :func:`grader.grading.process.start_sandbox`."""
    from grader.grading import process  # noqa: PLC0415

    return process.start_sandbox(course, wanted)


def list_subjects(course: Course) -> dict[str, list[CheckSubject]]:
    """See :func:`grader.grading.subjects.list_subjects`."""
    from grader.grading import subjects  # noqa: PLC0415

    return subjects.list_subjects(course)


def _grade_batch(course: Course, isolation: Isolation, batch: Batch) -> list[StudentResult]:
    from grader.grading import process  # noqa: PLC0415

    return process.grade_batch(course, isolation, batch)


def _record_undecided(
    course: Course, isolation: Isolation, student: Submission
) -> list[StudentResult]:
    from grader.grading import process  # noqa: PLC0415

    return process.record_undecided(course, isolation, student)


def _record_our_error(course: Course, student: Submission) -> list[StudentResult]:
    from grader.grading import process  # noqa: PLC0415

    return process.record_our_error(course, student)
