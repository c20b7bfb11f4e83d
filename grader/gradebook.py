"""The grades of one run: what the store knew before it, and what was graded during it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from grader.fingerprints import Fingerprints
from grader.intake import Submission
from grader.results import LessonResult, StudentResult
from grader.store import Store


class Gradebook:
    """Says what is still to be graded, and keeps what was, as soon as it was."""

    def __init__(self, store: Store, fingerprints: Fingerprints, *, fresh: bool = False) -> None:
        """Open the book of a run.

        Args:
            store: what earlier runs kept; open as long as the book is in use.
            fingerprints: of the course that is graded.
            fresh: grade anew what is unchanged, too.
        """
        self.unchanged = 0  # students who were taken from the store as a whole
        self._store = store
        self._fingerprints = fingerprints
        self._fresh = fresh
        self._graded: dict[str, dict[str, LessonResult]] = {}  # by student and lesson
        self._waiting: dict[str, Mapping[str, bytes]] = {}  # fingerprints of who is being graded

    def ungraded(self, submissions: Iterable[Submission]) -> Iterator[Submission]:
        """Those who have a lesson to grade, each with what is known of the others."""
        for submission in submissions:
            fingerprints = self._fingerprints.of(submission)
            known = {} if self._fresh else self._known(submission.student, fingerprints)
            self._graded[submission.student] = known
            if fingerprints.keys() - known.keys():
                self._waiting[submission.student] = fingerprints
                yield replace(submission, known=dict(known))
            else:
                self.unchanged += 1

    def keep(self, results: Sequence[StudentResult]) -> None:
        """Keep what was graded; it is on disk when this returns.

        Raises:
            GraderError: it cannot be written.
        """
        with self._store.together() as store:
            for result in results:
                store.keep(result.student, result.lessons, self._waiting[result.student])
        for result in results:
            del self._waiting[result.student]
            self._graded[result.student].update(
                {lesson.lesson: lesson for lesson in result.lessons}
            )

    @property
    def finished(self) -> int:
        """How many students have all their results."""
        return len(self._graded) - len(self._waiting)

    def results(self) -> tuple[StudentResult, ...]:
        """Everyone who was handed in, sorted by name, with all lessons in course order."""
        order = self._fingerprints.lessons
        return tuple(
            StudentResult(student, tuple(lessons[lesson] for lesson in order))
            for student, lessons in sorted(self._graded.items())
            if student not in self._waiting
        )

    def _known(self, student: str, fingerprints: Mapping[str, bytes]) -> dict[str, LessonResult]:
        found = {
            lesson: self._store.result(student, lesson, fingerprint)
            for lesson, fingerprint in fingerprints.items()
        }
        return {lesson: result for lesson, result in found.items() if result is not None}
