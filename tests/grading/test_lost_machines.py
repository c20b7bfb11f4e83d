"""A backend loses whole machines: whose students are graded elsewhere, and who is undecided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from grader.grading.backend import Backend, MachineLost
from grader.grading.batches import GradedBatch, grade_batches
from grader.results import StudentResult
from grader.sandbox.levels import Isolation, LevelChoice
from grader.submissions.submission import Submission


class LosesMachines(Backend):
    """Its one machine has all calls that are pending, and is lost whenever `ben` is graded."""

    def __init__(self) -> None:
        self.choice = LevelChoice(Isolation.FULL)
        self._calls: dict[Future[Any], tuple[str, Sequence[Any]]] = {}

    @property
    def most_pending(self) -> int:
        return 2

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._calls[future] = task.__name__, args
        return future

    def wait(self, pending: Any) -> Any:
        """All pending calls end: with the machine, if it grades ben."""
        done = list(pending)
        calls = [self._calls.pop(future) for future in done]
        is_lost = any(self._is_ben(*call) for call in calls)
        for future, (name, args) in zip(done, calls, strict=True):
            if is_lost:
                future.set_exception(MachineLost())
                continue
            batch = args[0] if name == "_grade_some" else args
            results = [StudentResult(f"{it.student} {name}", ()) for it in batch]
            future.set_result(GradedBatch(results, Isolation.FULL))
        return done

    @staticmethod
    def _is_ben(name: str, args: Sequence[Any]) -> bool:
        return name == "_grade_some" and any(it.student == "ben" for it in args[0])


def test_a_student_with_whom_two_machines_are_lost_is_undecided_and_no_other() -> None:
    names = ("ada", "ben", "cleo", "dan", "eve", "finn", "gil")
    students = [Submission(name, {}) for name in names]
    batches = [students[:2], students[2:4], students[4:5], students[5:]]
    graded = grade_batches(LosesMachines(), batches)
    found = sorted(result.student for batch in graded for result in batch.results)
    others = [f"{name} _grade_some" for name in names if name != "ben"]
    assert found == sorted(["ben _record_undecided", *others])
