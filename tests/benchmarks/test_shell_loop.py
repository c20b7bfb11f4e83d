"""The peers of the benchmark can grade this course: or it would fail after minutes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from places import REPOSITORY

PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, "benchmarks")
from grader.course import Course
from lessons import benchmarked, write_class
from shell_loop import ShellLoop
folder = Path(sys.argv[1])
course = benchmarked(Course.load(Path()))
loop = ShellLoop(course, folder / "loop")
loop.prepare()
loop.grade(write_class(course, folder / "class", 1, "test"), at_once=2)
print(len(course.lessons), "lessons")
"""


@pytest.mark.slow
def test_a_bare_pytest_passes_the_solutions_of_all_lessons_that_are_timed(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.stdout == "5 lessons\n", finished.stderr
