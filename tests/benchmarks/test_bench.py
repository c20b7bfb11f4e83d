"""The benchmark runs; whether its figures are good is for people to say, not for a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from places import REPOSITORY
from tiny_course import CourseWriter

SECTIONS = (
    "SPEED", "GROWTH", "OWN LESSON", "ONE STUDENT", "ONE WORKER", "PEAK MEMORY", "TARGETS",
)  # fmt: skip


SOLUTION = '''\
# %%
import numpy as np


def double(x):
    """Twice x.

    >>> float(double(2))
    4.0
    """
    ### BEGIN SOLUTION
    return np.asarray(x) * 2.0
    ### END SOLUTION
'''

HIDDEN = """\
import numpy as np


def test_ones_become_twos(student, reference):
    '''double([1, 1]) is [2, 2].'''
    np.testing.assert_allclose(student.double(np.ones(2)), reference.double(np.ones(2)))
"""

VISIBLE = """\
import numpy as np


def test_one_becomes_two(student):
    '''double(1) is 2.'''
    np.testing.assert_allclose(student.double(1), 2.0)
"""


def numbers(value: Any, path: str = "") -> dict[str, float]:
    """All numbers of a JSON value, by the way to them."""
    if isinstance(value, dict):
        parts = [numbers(inner, f"{path}/{key}") for key, inner in value.items()]
    elif isinstance(value, list):
        parts = [numbers(inner, f"{path}/{index}") for index, inner in enumerate(value)]
    else:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return {path: value} if is_number else {}
    return {key: number for part in parts for key, number in part.items()}


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="isolation `full` needs Linux")
def test_a_tiny_benchmark_reports_every_section_with_positive_figures(
    tmp_path: Path, tiny_course: CourseWriter
) -> None:
    scratch, figures_file = tmp_path / "scratch", tmp_path / "figures.json"
    scratch.mkdir()
    course = tiny_course(
        lessons=[{"id": "double", "points": 2}], solutions={"double": SOLUTION},
        hidden={"double": HIDDEN}, visible={"double": VISIBLE},
    )  # fmt: skip
    command = [sys.executable, "benchmarks/bench.py", "--course", str(course)]
    command += ["--students", "1", "2", "--peers", "1", "--repeats", "1"]
    finished = subprocess.run(
        [*command, "--json", str(figures_file)],
        cwd=REPOSITORY,
        env={**os.environ, "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    for section in SECTIONS:
        assert f"\n{section}" in finished.stdout
    assert "nbgrader autograde double" in finished.stderr, "progress goes to stderr"
    assert not list(scratch.iterdir()), "nothing temporary is left"

    figures = json.loads(figures_file.read_text("utf-8"))
    assert [tool["tool"].partition(",")[0] for tool in figures["tools"]] == [
        *["grader grade"] * 3, *["nbgrader autograde"] * 2, *["pytest"] * 3,
    ]  # fmt: skip
    assert len(figures["targets"]) == 9
    # Below zero, or zero, by right: growth, shares of time, and how busy the machine was; and what
    # is counted in hundredths of a second.
    # A difference of two timings, too: with one student each, other people's work may be larger.
    (left_out,) = (
        number for number, tool in enumerate(figures["tools"]) if tool["tool"].endswith("left out")
    )
    free = (
        f"/tools/{left_out}/",
        "/growth",
        "/targets",
        "/load",
        "others_share",
        "/parts_ms/",
        "sampling_cpu_seconds",
        "untrusted_cpu_ms",
    )
    not_positive = {
        path: number
        for path, number in numbers(figures).items()
        if number <= 0 and not any(part in path for part in free)
    }
    assert not not_positive
    assert sum(figures["breakdown"]["parts_ms"].values()) > 0
