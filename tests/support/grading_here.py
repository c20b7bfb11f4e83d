"""Grading in the process of the tests: for tests that are not about grading processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from grader.course import Course
from grader.grading import grading_process
from grader.grading.backend import Backend
from grader.grading.graders import Graders
from grader.sandbox.levels import Isolation

P = ParamSpec("P")
T = TypeVar("T")


class BackendHere(Backend):
    """Runs each call at once, in this process. It saves the second until another one is ready."""

    most_pending = 1

    def __init__(self, course: Course, wanted: Isolation | None = None) -> None:
        self.choice = grading_process.start_sandbox(course, wanted)
        self._course = course

    def submit(
        self,
        task: Callable[Concatenate[Course, Isolation, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(task(self._course, self.choice.isolation, *args, **kwargs))
        except Exception as error:  # noqa: BLE001  (raised where the result is asked for)
            done.set_exception(error)
        return done


@contextmanager
def start_graders_here(
    course: Course, jobs: int, wanted: Isolation | None = None, *, for_author: bool = False
) -> Iterator[Graders]:
    """In place of :func:`grader.grading.graders.start_graders`, with the same arguments."""
    try:
        yield Graders(course, BackendHere(course, wanted), for_author=for_author)
    finally:
        grading_process.forget()
