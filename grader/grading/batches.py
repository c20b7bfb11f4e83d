"""Grades small batches of students with a backend, also when processes and machines are lost.

A batch is graded by a plain function of plain records
(:func:`grader.grading.grading_process.grade_some`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from grader.course import Course
from grader.errors import GraderError
from grader.grading.backend import Backend, MachineLost, ProcessLost
from grader.grading.current_check import REHEARSAL, Loss
from grader.grading.local_backend import ENDED_FROM_OUTSIDE
from grader.results import StudentResult
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from grader.grading.check_subjects import CheckSubject

Batch = Sequence[Submission]

#: The most students in a batch.
_MAX_BATCH: Final = 8
#: A batch ends early after so many seconds on the clock. Its results so far are kept, and a free
#: process grades the others. So no student waits for a slow one.
_MAX_SECONDS: Final = 0.25

#: A student is undecided if so many processes, with this student alone, are lost outside of checks.
_MAX_TRIES: Final = 2

#: A student is undecided if processes are lost at so many checks, none of which took too long.
_MAX_PLACES: Final = 3

#: The run ends after so many losses in a row, beside one for each batch that is being graded: the
#: students cannot be the reason. (A batch is halved six times before a student is alone.)
_MAX_LOSSES: Final = 12

#: After so many lost machines, the student with whom they were lost is undecided.
_MAX_MACHINES: Final = 2


@dataclass(frozen=True, slots=True)
class GradedBatch:
    """The results of some students, and the level of isolation that held where they were graded."""

    results: Sequence[StudentResult]
    isolation: Isolation


def grade_batches(
    backend: Backend, batches: Iterable[Batch], *, for_author: bool = False
) -> Iterator[GradedBatch]:
    """Grade all submissions; yield the results of each batch as they come, and keep none.

    A lost process costs the check that it was running. The check becomes a timeout if it took too
    long; otherwise it is tried once more, and undecided after the second loss. If no check was
    running, the batch is graded again in halves, until the student is alone; then the student is
    undecided. If the process is lost with the reference as well, it is our error.

    If a machine is lost, each of the students that were there is graded once more, one after the
    other. So a second loss is one student's, who is undecided.

    Args:
        backend: runs the batches. If it takes no more, the run ends.
        batches: of any number of students; taken only as fast as they are graded.
        for_author: whether explanations of hidden checks may contain their numbers.

    Raises:
        CourseError, SandboxError: the class cannot be graded.
        GraderError: processes are lost whatever is graded.
    """
    pending: dict[Future[GradedBatch], _Work] = {}
    queue = _Queue(batches)
    losses = 0
    broken: set[tuple[str, str]] = set()  # lessons and checks
    while True:
        most = backend.most_pending
        while len(pending) < most and (work := queue.take(pending.values())):
            pending[_submit(backend, work, broken, for_author=for_author)] = work
        if not pending:
            break
        queue.read_ahead()
        for future in backend.wait(pending):
            work = pending.pop(future)
            try:
                graded = future.result()
            except MachineLost:
                queue.add(
                    *(
                        replace(work, batch=[student], machines=work.machines + 1)
                        for student in work.batch
                    )
                )
            except BrokenExecutor as error:
                lost = error if isinstance(error, ProcessLost) else ProcessLost(None, overran=False)
                losses += not lost.overran
                if losses > most + _MAX_LOSSES:
                    raise GraderError(ENDED_FROM_OUTSIDE) from error
                if lost.overran and lost.place and lost.place.student == REHEARSAL:
                    broken.add((lost.place.lesson, lost.place.check))
                    queue.add(work)
                else:
                    queue.add(*_after_loss(work, lost))
            else:
                losses = 0
                if rest := work.batch[len(graded.results) :]:
                    queue.add_first(_Work(rest))
                yield graded


@dataclass(frozen=True, slots=True)
class _Work:
    """A batch to grade, and what was lost with it."""

    batch: Batch
    tried: int = 0  # how often a process was lost at no check, with this student alone
    losses: tuple[Loss, ...] = ()  # with this student alone: these checks are not run again
    suspect: Loss | None = None  # the first loss at a check; it may have been ended from outside
    machines: int = 0  # how many machines were lost while this student was graded there


class _Queue:
    """The batches to grade: those that lost a process, then new ones.

    Students who were on a lost machine are graded one at a time. So if another machine is lost, it
    is known with which of them.
    """

    def __init__(self, batches: Iterable[Batch]) -> None:
        self._coming = (_Work(batch) for batch in batches)
        self._next: _Work | None = None
        self._again: deque[_Work] = deque()
        self._after_machine: deque[_Work] = deque()

    def take(self, pending: Iterable[_Work]) -> _Work | None:
        """The next batch; None if none may be graded beside those that are pending."""
        if self._after_machine and not any(work.machines for work in pending):
            return self._after_machine.popleft()
        if self._again:
            return self._again.popleft()
        self.read_ahead()
        work, self._next = self._next, None
        return work

    def read_ahead(self) -> None:
        """Read the next batch while the others are graded: no process shall wait for it."""
        if self._next is None:
            self._next = next(self._coming, None)

    def add(self, *works: _Work) -> None:
        """Add batches with which something was lost."""
        for work in works:
            (self._after_machine if work.machines else self._again).append(work)

    def add_first(self, work: _Work) -> None:
        """Add what is left of a batch, before all others."""
        self._again.appendleft(work)


def _submit(
    backend: Backend, work: _Work, broken: Collection[tuple[str, str]], *, for_author: bool
) -> Future[GradedBatch]:
    try:
        if work.tried > _MAX_TRIES:
            return backend.submit(_record_our_error, *work.batch)
        unknown = sum(not loss.overran for loss in work.losses)
        if work.tried == _MAX_TRIES or unknown >= _MAX_PLACES or work.machines >= _MAX_MACHINES:
            return backend.submit(_record_undecided, *work.batch)
        return backend.submit(
            _grade_some, work.batch, work.losses, frozenset(broken), for_author=for_author
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
        yield replace(work, batch=[student], losses=(*work.losses, loss), suspect=None)
    else:
        yield replace(work, batch=[student], suspect=loss)
    yield from (_Work(others) for others in (before, after) if others)


def count_batches(students: int) -> int:
    """How many batches a class makes. More processes than that would only wait."""
    return -(-students // _MAX_BATCH)


def cut_into_batches(submissions: Iterable[Submission]) -> Iterator[Batch]:
    """Cut a class into small batches. The class is read only as far as batches are taken."""
    coming = iter(submissions)
    while batch := list(islice(coming, _MAX_BATCH)):
        yield batch


# The tasks of a grading process. They import where they run, because the process that hands out
# batches needs neither pytest nor numpy.


def list_subjects(course: Course, _: Isolation) -> dict[str, list[CheckSubject]]:
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
) -> GradedBatch:
    from grader.grading import grading_process  # noqa: PLC0415

    results = grading_process.grade_some(
        course, isolation, batch, losses, broken=broken, seconds=_MAX_SECONDS, for_author=for_author
    )
    return GradedBatch(results, isolation)


def _record_undecided(course: Course, isolation: Isolation, student: Submission) -> GradedBatch:
    from grader.grading import grading_process  # noqa: PLC0415

    return GradedBatch(grading_process.record_undecided(course, isolation, student), isolation)


def _record_our_error(course: Course, isolation: Isolation, student: Submission) -> GradedBatch:
    from grader.grading import grading_process  # noqa: PLC0415

    return GradedBatch(grading_process.record_our_error(course, student), isolation)
