"""The results of one run: those that the store has kept from earlier, and those graded now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from grader.grading.lesson_fingerprints import Fingerprint, LessonFingerprints
from grader.grading.store import Store, StoredResult
from grader.results import LessonResult, StudentResult
from grader.sandbox.levels import Isolation
from grader.submissions.imports import find_incomplete
from grader.submissions.submission import EarlierResult, Submission


class GradingRun:
    """Says who has to be graded, and keeps each result as soon as it is there."""

    def __init__(
        self,
        store: Store,
        fingerprints: LessonFingerprints,
        *,
        wanted: Isolation | None = None,
        fresh: bool = False,
    ) -> None:
        """Begin a run.

        Args:
            store: what earlier runs kept; open as long as this run lasts.
            fingerprints: of the course that is graded.
            wanted: results of another level are graded again. ``None``: those of `process` alone,
                a level that has to be asked for.
            fresh: grade what has not changed, too.
        """
        self.unchanged = 0  # students whose results all come from the store
        self._store = store
        self._fingerprints = fingerprints
        self._fresh = fresh
        self._accepted = {wanted} if wanted else {Isolation.FULL, Isolation.FILTERED}
        self._levels: set[Isolation] = set()  # of the results in the report
        self._results: dict[str, StudentResult] = {}
        # Students that are being graded, and what the store has of them.
        self._pending: dict[str, tuple[Mapping[str, Fingerprint], Mapping[str, StoredResult]]] = {}

    def find_changed(self, submissions: Iterable[Submission]) -> Iterator[Submission]:
        """Those with a lesson to grade, each with the results of the other lessons."""
        for submission in submissions:
            student = submission.student
            fingerprints = self._fingerprints.of(submission)
            stored = {} if self._fresh else self._find_valid(student, fingerprints)
            if (results := _results_if_complete(fingerprints, stored)) is None:
                self._pending[student] = fingerprints, stored
                earlier = {
                    lesson: EarlierResult(row.result, row.incomplete)
                    for lesson, row in stored.items()
                }
                yield replace(submission, earlier=earlier)
            else:
                self.unchanged += 1
                self._results[student] = StudentResult(student, results)
                self._levels.update(Isolation(row.isolation) for row in stored.values())

    def keep(self, results: Sequence[StudentResult], isolation: Isolation) -> None:
        """Keep what was graded; it is on disk when this returns.

        Raises:
            GraderError: it cannot be written.
        """
        with self._store.together() as store:
            for result in results:
                fingerprints, stored = self._pending[result.student]
                for lesson in result.lessons:
                    fingerprint = fingerprints[lesson.lesson]
                    incomplete = find_incomplete(fingerprint.imported, result.lessons)
                    row = stored.get(lesson.lesson)
                    if row is None or (row.result, row.incomplete) != (lesson, incomplete):
                        row = StoredResult(lesson, fingerprint.digest, incomplete, isolation.value)
                        store.keep(result.student, row)
                    self._levels.add(Isolation(row.isolation))
        for result in results:
            del self._pending[result.student]
            self._results[result.student] = result

    @property
    def finished(self) -> int:
        """How many students have all their results."""
        return len(self._results)

    @property
    def isolation(self) -> Isolation:
        """The weakest level that a result of this run was graded at, now or earlier."""
        return max(self._levels, key=list(Isolation).index)

    @property
    def results(self) -> tuple[StudentResult, ...]:
        """All students whose results are there, sorted by name."""
        return tuple(result for _, result in sorted(self._results.items()))

    def _find_valid(
        self, student: str, fingerprints: Mapping[str, Fingerprint]
    ) -> dict[str, StoredResult]:
        """The stored results whose files, versions and level are still the same."""
        return {
            lesson: row
            for lesson, row in self._store.results(student).items()
            if lesson in fingerprints
            and row.fingerprint == fingerprints[lesson].digest
            and row.isolation in self._accepted
        }


def _results_if_complete(
    fingerprints: Mapping[str, Fingerprint], stored: Mapping[str, StoredResult]
) -> tuple[LessonResult, ...] | None:
    """The results of all lessons; None if one of them has to be graded."""
    results: list[LessonResult] = []
    for lesson, fingerprint in fingerprints.items():
        row = stored.get(lesson)
        if row is None or row.incomplete != find_incomplete(fingerprint.imported, results):
            return None
        results.append(row.result)
    return tuple(results)
