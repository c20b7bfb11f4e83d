"""Programs that attack through the further modules of a lesson, at each level."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from corpus import CORPUS, Program, read_program
from hostile_class import assert_verdict, grade_in_one_class

from grader.results import StudentResult
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

pytestmark = pytest.mark.slow

PROGRAMS = [read_program(path) for path in sorted((CORPUS / "modules").glob("*.py"))]
HONEST = ("0-honest", "honest", "z-honest")
SOLUTION = """
from helpers import twice
from shapes.circle import area

def total(radii):
    return twice(sum(area(it) for it in radii))

# File: helpers.py
def twice(x):
    return 2 * x

# File: shapes/circle.py
def area(radius):
    return 3 * radius**2
"""
CHECKS = '''
import helpers
from shapes.circle import area


def test_total(student):
    """The total of two circles."""
    assert student.total([1, 2]) == 30


def test_twice(student):
    """Twice a number."""
    assert helpers.twice(4) == 8


def test_area(student):
    """The area of a circle."""
    assert area(2) == 12
'''
COURSE = """
id: modules
title: Modules
limits: {cpu_seconds_per_call: 0.5, wall_seconds_per_call: 4, memory_mib: 512}
lessons:
  - {id: lesson, title: Modules, points: 3, files: [helpers.py, shapes]}
"""


def files_of(text: str) -> Mapping[str, str]:
    """The files of a program; that of the lesson is `lesson.py`."""
    lesson, *others = re.split(r"^# File: (.*)\n", text, flags=re.MULTILINE)
    return {"lesson.py": lesson, **dict(zip(others[::2], others[1::2], strict=True))}


def hand_in(student: str, text: str) -> Submission:
    """A student who hands a program in."""
    files = dict(files_of(text))
    source = Source("lesson.py", (files.pop("lesson.py"),), notebook=False, modules=files)
    return Submission(student, {"lesson": source})


@pytest.fixture(scope="module", params=[Isolation.FULL, Isolation.FILTERED])
def graded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, StudentResult]:
    folder: Path = tmp_path_factory.mktemp("course")
    files = {f"solutions/{name}": text for name, text in files_of(SOLUTION).items()}
    files |= {"course.yaml": COURSE, "tests/lessons/hidden/test_lesson.py": CHECKS}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    programs = {program.name: program.text for program in PROGRAMS} | dict.fromkeys(
        HONEST, SOLUTION
    )
    class_ = [hand_in(name, text) for name, text in sorted(programs.items())]
    return grade_in_one_class(folder, request.param, class_)


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_gets_the_verdict_in_its_head(
    graded: dict[str, StudentResult], program: Program
) -> None:
    assert_verdict(graded[program.name], program)


def test_honest_programs_among_them_keep_every_point(graded: dict[str, StudentResult]) -> None:
    assert {graded[name].lessons[0].score for name in HONEST} == {3}
