"""What a student reads, word for word, in situations that folders are named after.

Each folder of ``tests/golden`` holds what is handed in (all other lessons are right) and, for the
last lesson of it, ``expected.txt``. Write that anew with ``GOLDEN=write``, and read what changed.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from msgspec import structs
from places import REPOSITORY

from grader.course import Course
from grader.grading.grading_process import grade_batch
from grader.reports import lesson_text
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

_COURSE: Final = Course.load(REPOSITORY)
#: With patience on the clock: what a loop without end is told must not depend on the load.
#: Two calls of it are enough.
COURSE: Final = replace(
    _COURSE,
    limits=structs.replace(_COURSE.limits, wall_seconds_per_call=120, seconds_per_lesson=4),
)
SITUATIONS: Final = sorted(path for path in (REPOSITORY / "tests" / "golden").iterdir())

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shown() -> dict[Path, str]:
    """What is shown of the last lesson in each folder; one batch for all."""
    # This pytest rewrites the asserts of whatever is called test_*.py; the grader's does not.
    before = sys.meta_path[:]
    sys.meta_path[:] = [it for it in before if "Rewriting" not in type(it).__name__]
    results = grade_batch(COURSE, Isolation.FULL, [_submission(path) for path in SITUATIONS])
    shown: dict[Path, str] = {}
    for path, result in zip(SITUATIONS, results, strict=True):
        handed_in = [it for it in result.lessons if (path / f"{it.lesson}.py").exists()]
        shown[path] = lesson_text.render(handed_in[-1])
    sys.meta_path[:] = before
    return shown


def _submission(folder: Path) -> Submission:
    sources = {}
    last = max(n for n, it in enumerate(COURSE.lessons) if (folder / f"{it.id}.py").exists())
    for lesson in COURSE.lessons[: last + 1]:
        own = folder / f"{lesson.id}.py"
        path = own if own.exists() else lesson.solution
        sources[lesson.id] = Source(path.name, (path.read_text("utf-8"),), False)
    return Submission(folder.name, sources)


@pytest.mark.parametrize("folder", SITUATIONS, ids=lambda path: path.name)
def test_a_student_reads_exactly_this(shown: dict[Path, str], folder: Path) -> None:
    expected = folder / "expected.txt"
    if os.environ.get("GOLDEN") == "write":
        expected.write_text(shown[folder], "utf-8")
    assert shown[folder] == expected.read_text("utf-8")


@pytest.mark.parametrize("folder", SITUATIONS, ids=lambda path: path.name)
def test_no_line_of_a_solution_is_shown(shown: dict[Path, str], folder: Path) -> None:
    for lesson in COURSE.lessons:
        _, *answers = lesson.solution.read_text("utf-8").split("### BEGIN SOLUTION\n")
        for answer in answers:
            lines = answer.partition("### END SOLUTION")[0].splitlines()
            code = [line.partition("#")[0].strip() for line in lines]
            assert not [line for line in code if len(line) > 9 and line in shown[folder]]
