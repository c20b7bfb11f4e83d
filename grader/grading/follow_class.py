"""Grades a class whose submissions still arrive, again and again."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from grader.course import Course
from grader.errors import IntakeError
from grader.files import make_folder
from grader.grading.grade_class import Graded, Options, Progress, grade_class
from grader.grading.store import open_store

_BETWEEN_LOOKS: Final = 1.0  # seconds, at least
_LOOKING: Final = 0.1  # at most this part of the time goes into looking
_LOOKS_TO_SETTLE: Final = 5  # a folder that never stands still is graded all the same

#: Each file, with the time and the size by which a change is noticed.
_Snapshot = dict[str, tuple[int, int]]


def follow_class(
    course: Course,
    submissions: Path,
    out: Path,
    options: Options,
    progress: Progress = Progress(),  # noqa: B008  (it has no state)
) -> Generator[Graded | IntakeError]:
    """Grade a class, then again whenever something among its submissions has changed.

    Files that are still being written are waited for, a few seconds at most. The output folder
    belongs to this program until the iteration ends. The arguments are those of
    :func:`.grade_class.grade_class`; ``options.fresh`` holds for the first time.

    Yields:
        The results whenever there are new ones; or why the submissions cannot be read as they are.

    Raises:
        GraderError: another program has the output folder, the class cannot be graded, or nothing
            can be written.
    """
    make_folder(out)
    with open_store(out) as store:
        seen: _Snapshot = {}
        while True:
            seen = _wait_for_change(submissions, seen)
            try:
                yield grade_class(course, submissions, out, options, progress, store=store)
            except IntakeError as error:
                yield error
            else:
                options = replace(options, fresh=False)


def _wait_for_change(folder: Path, seen: _Snapshot) -> _Snapshot:
    """Wait until a folder differs from what was seen, and stands still; return what is there."""
    looks = 0
    before = seen
    while True:
        start = time.monotonic()
        snapshot = _look(folder)
        looks += snapshot != seen
        if looks and (snapshot == before or looks > _LOOKS_TO_SETTLE):
            return snapshot
        before = snapshot
        time.sleep(max(_BETWEEN_LOOKS, (time.monotonic() - start) / _LOOKING))


def _look(folder: Path) -> _Snapshot:
    snapshot: _Snapshot = {}
    for root, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(root, name)  # noqa: PTH118  (tens of thousands)
            with suppress(OSError):  # gone just now
                state = os.stat(path)  # noqa: PTH116
                snapshot[path] = state.st_mtime_ns, state.st_size
    return snapshot
