"""Programs that attack through objects which a check holds, at each level."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus import CORPUS, Program, read_program
from hostile_class import assert_verdict, grade_in_one_class, make_class, write_one_lesson

from grader.results import StudentResult
from grader.sandbox.levels import Isolation

pytestmark = pytest.mark.slow

PROGRAMS = [read_program(path) for path in sorted((CORPUS / "objects").glob("*.py"))]
HONEST = "honest"
SOLUTION = """
class Stack:
    def __init__(self): self.items = []
    def push(self, item): self.items.append(item)
    def pop(self): return self.items.pop()
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)

def count():
    n = 0
    while True:
        yield n
        n += 1

def apply(function, x): return function(x)
def total(items): return sum(items)
def called(function): return function(lambda x: x + 1)
"""
CHECKS = '''
import itertools

import pytest


def test_stack(student):
    """A stack gives back what was last put on it."""
    stack = student.Stack()
    stack.push(1)
    stack.push(2)
    assert stack.pop() == 2
    assert list(stack) == [1] and len(stack) == 1


def test_count(student):
    """count() gives 0, 1, 2, and so on."""
    with_objects = student.count()
    assert list(itertools.islice(with_objects, 3)) == [0, 1, 2]


def test_apply(student):
    """apply(f, x) is f(x)."""
    assert student.apply(student.total, [1, 2]) == 3


def test_called(student):
    """called(f) calls f with a function."""

    def check(function):
        assert function(1) == 2
        return 3

    assert student.called(check) == 3


def test_total(student):
    """total is the sum."""
    assert student.total([1, 2]) == 3
'''
LIMITS = """
limits:
  {cpu_seconds_per_call: 0.75, wall_seconds_per_call: 4, seconds_per_lesson: 10, memory_mib: 512}
"""


@pytest.fixture(scope="module", params=[Isolation.FULL, Isolation.FILTERED])
def graded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, StudentResult]:
    folder: Path = tmp_path_factory.mktemp("course")
    lesson = "lessons:\n  - {id: held, title: Objects, points: 5}\n"
    about = f"id: held\ntitle: Objects\n{lesson}{LIMITS}"
    write_one_lesson(folder, about, "held", SOLUTION, CHECKS)
    programs = {program.name: program.text for program in PROGRAMS} | {HONEST: SOLUTION}
    class_ = make_class("held", programs)
    return grade_in_one_class(folder, request.param, class_)


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_gets_the_verdict_in_its_head(
    graded: dict[str, StudentResult], program: Program
) -> None:
    assert_verdict(graded[program.name], program)


def test_honest_programs_among_them_keep_every_point(graded: dict[str, StudentResult]) -> None:
    assert graded[HONEST].lessons[0].score == 5, graded[HONEST].lessons[0]
