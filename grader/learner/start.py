"""Checks that start early: the student's worker starts while this process imports its libraries.

This module imports little, so that a command can call it first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.course import Lesson, sandbox_limits, sandbox_packages
from grader.learner.progress import Progress
from grader.learner.workbook import Workbook
from grader.submissions.submission import Source, Submission

if TYPE_CHECKING:
    from grader.learner.checking import Checker


def start_checker(workbook: Workbook, *, ahead: bool = False) -> Checker:
    """Launch a worker, and return the checker that uses it.

    Args:
        workbook: of the student.
        ahead: keep a worker ready for the next check.

    Raises:
        GraderError: see :class:`grader.learner.checking.Checker`.
        SandboxError: the worker cannot be started.
    """
    from grader.sandbox.interpreter import (  # noqa: PLC0415  (not for a command's help)
        Packages,
        launch_spawned_worker,
    )

    course = workbook.course
    packages = Packages.find(sandbox_packages(course))
    worker = launch_spawned_worker(sandbox_limits(course), packages)
    try:
        from grader.learner.checking import Checker  # noqa: PLC0415  (while the worker starts)

        return Checker(workbook, worker, ahead=ahead)
    except BaseException:
        worker.kill()
        worker.wait()
        raise


def bring_up_to_date(workbook: Workbook, submission: Submission) -> dict[str, Progress]:
    """The progress in each lesson that is there; checks those that have changed since.

    Raises:
        GraderError: the course is at fault, or no worker can be started on this machine.
    """
    valid = workbook.valid_progress(submission)
    progress: dict[str, Progress] = {}
    stale: list[Lesson] = []
    for lesson in workbook.course.lessons:
        source = submission.lessons.get(lesson.id)
        if source is None:
            continue
        if lesson.id in valid:
            progress[lesson.id] = valid[lesson.id]
        elif isinstance(source, Source) and source.cells == (workbook.original(lesson),):
            fingerprint = workbook.fingerprint(submission)[lesson.id]
            progress[lesson.id] = Progress(fingerprint, 0.0, lesson.points, 0, 1, started=False)
        else:
            stale.append(lesson)
    if stale:
        with start_checker(workbook) as checker:
            for lesson in stale:
                checker.check(lesson, submission)
        latest = workbook.progress()
        progress |= {lesson.id: latest[lesson.id] for lesson in stale if lesson.id in latest}
    return progress
