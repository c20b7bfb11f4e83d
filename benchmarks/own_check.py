"""How long a student waits for ``grader check``, beside a bare pytest of the same lesson.

The two take turns. Both start from nothing, import numpy and pytest, and run the same checks,
visible and hidden; the grader also starts a process for the student's program and draws.
"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

from lessons import number_of_checks
from measure import BenchmarkError, Usage, run
from shell_loop import ShellLoop

from grader.course import Course


def measure(
    course: Course, loop: ShellLoop, student: Path, folder: Path, *, turns: int
) -> dict[str, Any]:
    """The figures of the lesson with the most checks.

    Args:
        course: of the lesson.
        loop: prepared; runs the bare pytest.
        student: a folder with correct lessons.
        folder: a new one, to work in.
        turns: how often each is run.

    Raises:
        BenchmarkError: a check did not pass.
    """
    lesson = max(course.lessons, key=number_of_checks)
    for name in ("solutions", "tests/lessons"):
        shutil.copytree(course.root / name, folder / name)
    shutil.copy(course.root / "course.yaml", folder)
    shutil.copytree(student, folder / "exercises")
    checks = number_of_checks(lesson)
    check = [sys.executable, "-m", "grader", "check", lesson.id]
    ours: list[Usage] = []
    bare: list[Usage] = []
    for _ in range(turns):
        ours.append(run(check, cwd=folder))
        # Examples of docstrings are checks of ours alone.
        if not re.search(r"all \d+ checks passed", ours[-1].output[0]):
            raise BenchmarkError(f"grader check {lesson.id}: {ours[-1].output[0]}")
        bare.append(loop.grade([student], lessons=[lesson]))
    seconds, bare_seconds = (
        statistics.median(usage.seconds for usage in runs) for runs in (ours, bare)
    )
    return {
        "lesson": lesson.id,
        "checks": checks,
        "turns": turns,
        "seconds": seconds,
        "fastest_seconds": min(usage.seconds for usage in ours),
        "cpu_seconds": statistics.median(usage.cpu for usage in ours),
        "pytest_seconds": bare_seconds,
        "pytest_fastest_seconds": min(usage.seconds for usage in bare),
        "pytest_cpu_seconds": statistics.median(usage.cpu for usage in bare),
        "ratio": seconds / bare_seconds,
        "others_share": statistics.median(usage.others for usage in [*ours, *bare]),
    }
