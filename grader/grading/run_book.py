"""The grades of one run: what the store knew before it, and what was graded during it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from grader.grading.fingerprints import Fingerprint, Fingerprints
from grader.grading.store import Kept, Store
from grader.results import LessonResult, StudentResult
from grader.sandbox.levels import Isolation
from grader.submissions.imports import find_incomplete
from grader.submissions.submission import EarlierResult, Submission


class Gradebook:
    """Says what is still to be graded, and keeps what was, as soon as it was."""

    def __init__(
        self,
        store: Store,
        fingerprints: Fingerprints,
        *,
        wanted: Isolation | None = None,
        fresh: bool = False,
    ) -> None:
        """Open the book of a run.

        Args:
            store: what earlier runs kept; open as long as the book is in use.
            fingerprints: of the course that is graded.
            wanted: grades of another level are graded again. ``None``: those of `process` alone,
                which nobody gets who has not asked for it.
            fresh: grade anew what is unchanged, too.
        """
        self.unchanged = 0  # students who were taken from the store as a whole
        self._store = store
        self._fingerprints = fingerprints
        self._fresh = fresh
        self._levels = {wanted} if wanted else {Isolation.FULL, Isolation.FILTERED}
        self._used: set[Isolation] = set()  # levels of what is in the report
        self._graded: dict[str, StudentResult] = {}
        # Who is being graded, and what was kept of them.
        self._waiting: dict[str, tuple[Mapping[str, Fingerprint], Mapping[str, Kept]]] = {}

    def ungraded(self, submissions: Iterable[Submission]) -> Iterator[Submission]:
        """Those who have a lesson to grade, each with what is known of the others."""
        for submission in submissions:
            student = submission.student
            fingerprints = self._fingerprints.of(submission)
            kept = {} if self._fresh else self._kept(student, fingerprints)
            if (results := _settled(fingerprints, kept)) is None:
                self._waiting[student] = fingerprints, kept
                earlier = {
                    lesson: EarlierResult(row.result, row.weak) for lesson, row in kept.items()
                }
                yield replace(submission, earlier=earlier)
            else:
                self.unchanged += 1
                self._graded[student] = StudentResult(student, results)
                self._used.update(Isolation(row.isolation) for row in kept.values())

    def keep(self, results: Sequence[StudentResult], isolation: Isolation) -> None:
        """Keep what was graded; it is on disk when this returns.

        Raises:
            GraderError: it cannot be written.
        """
        with self._store.together() as store:
            for result in results:
                fingerprints, kept = self._waiting[result.student]
                for lesson in result.lessons:
                    fingerprint = fingerprints[lesson.lesson]
                    now = find_incomplete(fingerprint.imported, result.lessons)
                    row = kept.get(lesson.lesson)
                    if row is None or (row.result, row.weak) != (lesson, now):
                        row = Kept(lesson, fingerprint.digest, now, isolation.value)
                        store.keep(result.student, row)
                    self._used.add(Isolation(row.isolation))
        for result in results:
            del self._waiting[result.student]
            self._graded[result.student] = result

    @property
    def finished(self) -> int:
        """How many students have all their results."""
        return len(self._graded)

    @property
    def isolation(self) -> Isolation:
        """The weakest level that a grade of this run, or one taken from an earlier one, has."""
        return max(self._used, key=list(Isolation).index)

    def results(self) -> tuple[StudentResult, ...]:
        """Everyone who was handed in and is graded, sorted by name."""
        return tuple(result for _, result in sorted(self._graded.items()))

    def _kept(self, student: str, fingerprints: Mapping[str, Fingerprint]) -> dict[str, Kept]:
        return {
            lesson: kept
            for lesson, kept in self._store.results(student).items()
            if lesson in fingerprints
            and kept.fingerprint == fingerprints[lesson].digest
            and kept.isolation in self._levels
        }


def _settled(
    fingerprints: Mapping[str, Fingerprint], kept: Mapping[str, Kept]
) -> tuple[LessonResult, ...] | None:
    """The results of all lessons, if nothing of them has to be graded."""
    results: list[LessonResult] = []
    for lesson, fingerprint in fingerprints.items():
        row = kept.get(lesson)
        if row is None or row.weak != find_incomplete(fingerprint.imported, results):
            return None
        results.append(row.result)
    return tuple(results)
