"""Grades small batches of students with an executor, also when processes are lost.

A batch is graded by a plain function of plain records
(:func:`grader.grading.grading_process.grade_some`). So any ``concurrent.futures.Executor`` can
run it; by default it is this machine's cores.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
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

#: The most students in a batch.
_MAX_BATCH: Final = 8
#: A batch ends early after so many seconds on the clock. Its results so far are kept, and a free
#: process grades the others. So no student waits for a slow one.
_MAX_SECONDS: Final = 0.25

#: After so many lost processes at no check, with one student alone, the student is undecided.
_MAX_TRIES: Final = 2

#: After lost processes at so many checks, none for taking too long, the student is undecided.
_MAX_PLACES: Final = 3

#: The run ends after so many losses in a row, beside one for each batch that is being graded: the
#: students cannot be the reason. (A batch is halved six times before a student is alone.)
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
    for_author: bool = False,
) -> Iterator[Sequence[StudentResult]]:
    """Grade all submissions; yield the results of each batch as they come, and keep none.

    A lost process costs the check that it was running. The check becomes a timeout if it took too
    long; otherwise it is tried once more, and undecided after the second loss. If no check was
    running, the batch is graded again in halves, until the student is alone; then the student is
    undecided. If the process is lost with the reference as well, it is our error.

    Args:
        course: the checks and solutions to grade against.
        batches: of any number of students; taken only as fast as they are graded.
        executor: runs the batches. It raises ``BrokenExecutor`` for a call whose process is lost,
            and takes further calls after that. If it takes none, the run ends.
        isolation: the level to hold for every student; never lowered.
        waiting: the most batches that are with the executor at the same time.
        for_author: whether explanations of hidden checks may contain their numbers.

    Raises:
        CourseError, SandboxError: the class cannot be graded.
        GraderError: processes are lost whatever is graded.
    """
    pending: dict[Future[list[StudentResult]], _Work] = {}
    again: deque[_Work] = deque()
    losses = 0
    coming = (_Work(batch) for batch in batches)
    broken: set[tuple[str, str]] = set()  # lessons and checks
    while True:
        while len(pending) < waiting and (work := again.popleft() if again else next(coming, None)):
            future = _submit(executor, course, isolation, work, broken, for_author=for_author)
            pending[future] = work
        if not pending:
            break
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            work = pending.pop(future)
            try:
                results = future.result()
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
                if rest := work.batch[len(results) :]:
                    again.appendleft(_Work(rest))
                yield results


@dataclass(frozen=True, slots=True)
class _Work:
    """A batch to grade, and the processes that were lost with it."""

    batch: Batch
    tried: int = 0  # how often a process was lost at no check, with this student alone
    losses: tuple[Loss, ...] = ()  # with this student alone: these checks are not run again
    suspect: Loss | None = None  # the first loss at a check; it may have been ended from outside


def _submit(
    executor: Executor,
    course: Course,
    isolation: Isolation,
    work: _Work,
    broken: Collection[tuple[str, str]],
    *,
    for_author: bool,
) -> Future[list[StudentResult]]:
    try:
        if work.tried > _MAX_TRIES:
            return executor.submit(_record_our_error, course, *work.batch)
        unknown = sum(not loss.overran for loss in work.losses)
        if work.tried == _MAX_TRIES or unknown >= _MAX_PLACES:
            return executor.submit(_record_undecided, course, isolation, *work.batch)
        return executor.submit(
            _grade_some,
            course,
            isolation,
            work.batch,
            work.losses,
            frozenset(broken),
            for_author=for_author,
        )
    except BrokenExecutor as error:
        raise GraderError(ENDED_FROM_OUTSIDE) from error


def _after_loss(work: _Work, lost: ProcessLost) -> Iterator[_Work]:
    """The batches to grade after a loss: the student with whom it happened alone, and the others.

    A check that took too long is not run again. Another check is run once more, because the first
    process may have been ended from outside.
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


def cut_into_batches(submissions: Iterable[Submission]) -> Iterator[Batch]:
    """Cut a class into small batches. The class is read only as far as batches are taken."""
    coming = iter(submissions)
    while batch := list(islice(coming, _MAX_BATCH)):
        yield batch


# The tasks of a grading process. They import where they run, because the process that hands out
# batches needs neither pytest nor numpy.


def start_sandbox(course: Course, wanted: Isolation | None) -> LevelChoice:
    """See :func:`grader.grading.grading_process.start_sandbox`."""
    from grader.grading import grading_process  # noqa: PLC0415

    return grading_process.start_sandbox(course, wanted)


def list_subjects(course: Course) -> dict[str, list[CheckSubject]]:
    """See :func:`grader.grading.check_subjects.list_subjects`."""
    from grader.grading import check_subjects  # noqa: PLC0415

    return check_subjects.list_subjects(course)


def _grade_some(
    course: Course,
    isolation: Isolation,
    batch: Batch,
    losses: Sequence[Loss],
    broken: Collection[tuple[str, str]],
    *,
    for_author: bool,
) -> list[StudentResult]:
    from grader.grading import grading_process  # noqa: PLC0415

    return grading_process.grade_some(
        course, isolation, batch, losses, broken=broken, seconds=_MAX_SECONDS, for_author=for_author
    )


def _record_undecided(
    course: Course, isolation: Isolation, student: Submission
) -> list[StudentResult]:
    from grader.grading import grading_process  # noqa: PLC0415

    return grading_process.record_undecided(course, isolation, student)


def _record_our_error(course: Course, student: Submission) -> list[StudentResult]:
    from grader.grading import grading_process  # noqa: PLC0415

    return grading_process.record_our_error(course, student)
