"""Programs that attack through imported test cells, at each level."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus import CORPUS, Program, read_program
from hostile_class import assert_verdict, grade_in_one_class, make_class, write_one_lesson

from grader.results import StudentResult
from grader.sandbox.levels import Isolation

pytestmark = pytest.mark.slow

PROGRAMS = [read_program(path) for path in sorted((CORPUS / "cells").glob("*.py"))]
HONEST = ("0-honest", "honest", "z-honest")
SOLUTION = """
import math as m

def double(x): return 2 * x

limit = double(4)
# %%
# Here test_first begins.
# %%
limit = 9
"""
#: As `grader classroom adopt` makes them of test cells.
CHECKS = '''
import pytest
from grader.testing import earn_last_value

from cells import double, limit


@pytest.mark.after_cell("# Here test_first begins.")
def test_first():
    """The limit is 8 at first."""
    from cells import limit
    assert limit == 8


@pytest.mark.or_after_cell("# Here test_first begins.")
def test_last():
    """Double gives twice a number."""
    assert double(3) == 6


def test_marks():
    """The last value is the mark."""
    score = 0
    for x in (1, 2):
        score += double(x) == 2 * x
    earn_last_value(score / 2, of=1)


def test_imports():
    """Only an answer imports math."""
    import cells
    assert str(cells.m)
'''
COURSE = """
id: cells
title: Cells
limits: {cpu_seconds_per_call: 0.5, wall_seconds_per_call: 4, memory_mib: 512}
lessons:
  - {id: cells, title: Cells, points: 4}
"""


@pytest.fixture(scope="module", params=[Isolation.FULL, Isolation.FILTERED])
def graded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, StudentResult]:
    folder: Path = tmp_path_factory.mktemp("course")
    write_one_lesson(folder, COURSE, "cells", SOLUTION, CHECKS)
    programs = {program.name: program.text for program in PROGRAMS}
    programs |= dict.fromkeys(HONEST, SOLUTION)
    class_ = make_class("cells", dict(sorted(programs.items())))
    return grade_in_one_class(folder, request.param, class_)


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_gets_the_verdict_in_its_head(
    graded: dict[str, StudentResult], program: Program
) -> None:
    assert_verdict(graded[program.name], program)


def test_honest_programs_among_them_keep_every_point(graded: dict[str, StudentResult]) -> None:
    assert {graded[name].lessons[0].score for name in HONEST} == {4}
