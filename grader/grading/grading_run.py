"""The results of one run: those from earlier runs that are still valid, and the new ones."""

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
    """Finds the students that have to be graded, and stores each result as soon as it is there."""

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
            store: the results of earlier runs; open as long as this run lasts.
            fingerprints: of the course that is graded.
            wanted: the level of isolation; results of another level are not valid. With ``None``,
                only results of the level `process` are not, because that has to be asked for.
            fresh: regard no earlier result as valid.
        """
        self.unchanged = 0  # students whose results are all from earlier runs
        self._store = store
        self._fingerprints = fingerprints
        self._fresh = fresh
        self._accepted = {wanted} if wanted else {Isolation.FULL, Isolation.FILTERED}
        self._levels: set[Isolation] = set()  # of the results in the report
        self._results: dict[str, StudentResult] = {}
        # The students that are being graded, with their fingerprints and their valid results.
        self._pending: dict[str, tuple[Mapping[str, Fingerprint], Mapping[str, StoredResult]]] = {}

    def find_changed(self, submissions: Iterable[Submission]) -> Iterator[Submission]:
        """The submissions with a lesson to grade, each with the valid results of other lessons."""
        for submission in submissions:
            student = submission.student
            fingerprints = self._fingerprints.compute(submission)
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
        """Store new results. They are on disk when this returns.

        Raises:
            GraderError: it cannot be written.
        """
        shared: dict[str, StudentResult] = {}
        with self._store.together() as store:
            for result in results:
                fingerprints, stored = self._pending[result.student]
                lessons: list[LessonResult] = []
                for lesson in result.lessons:
                    fingerprint = fingerprints[lesson.lesson]
                    incomplete = find_incomplete(fingerprint.imported, result.lessons)
                    row = stored.get(lesson.lesson)
                    if row is None or (row.result, row.incomplete) != (lesson, incomplete):
                        row = StoredResult(lesson, fingerprint.digest, incomplete, isolation.value)
                        lessons.append(store.keep(result.student, row))
                    else:
                        lessons.append(row.result)
                    self._levels.add(Isolation(row.isolation))
                shared[result.student] = StudentResult(result.student, tuple(lessons))
        for student, result in shared.items():
            del self._pending[student]
            self._results[student] = result

    @property
    def finished(self) -> int:
        """How many students have all their results."""
        return len(self._results)

    @property
    def isolation(self) -> Isolation:
        """The weakest level at which a result of this run was graded, now or earlier."""
        return max(self._levels, key=list(Isolation).index)

    @property
    def results(self) -> tuple[StudentResult, ...]:
        """The results so far, sorted by student."""
        return tuple(result for _, result in sorted(self._results.items()))

    def _find_valid(
        self, student: str, fingerprints: Mapping[str, Fingerprint]
    ) -> dict[str, StoredResult]:
        """The stored results that are valid: their files, versions and level are the same."""
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
