"""Programs that attack through what they print, read and write, at each level."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus import CORPUS, Program, read_program
from hostile_class import assert_verdict, grade_in_one_class, make_class, write_one_lesson

from grader.results import StudentResult
from grader.sandbox.levels import Isolation

pytestmark = pytest.mark.slow

PROGRAMS = [read_program(path) for path in sorted((CORPUS / "programs").glob("*.py"))]
HONEST = ("0-honest", "honest", "z-honest")
SOLUTION = """
from pathlib import Path

def read(): return Path("factor.txt").read_text()

def double(x): print(2 * x)

def copy(source, target): target.write_text(source.read_text())

if __name__ == "__main__":
    import os
    print(2 * int(input()))
    if os.path.exists("in.txt"):
        open("out.txt", "w").write(open("in.txt").read())
"""
CHECKS = '''
def test_run(student):
    """The program doubles what is typed."""
    assert student.run(stdin="2\\n").stdout == "4\\n"


def test_files(student):
    """The program copies a file."""
    assert student.run(stdin="2\\n", files={"in.txt": "1\\n"}).files == {"out.txt": "1\\n"}


def test_output(student):
    """double prints."""
    assert student.call("double", 2, stdin="").output == "4\\n"


def test_folder(student, tmp_path):
    """copy() copies a file."""
    (tmp_path / "in.txt").write_text("in")
    student.copy(tmp_path / "in.txt", tmp_path / "out.txt")
    assert sorted(it.name for it in tmp_path.iterdir()) == ["in.txt", "out.txt"]
    assert (tmp_path / "out.txt").read_text() == "in"


def test_data(student):
    """read() is the factor."""
    assert student.read() == "7"
'''
COURSE = """
id: program
title: Programs
limits: {cpu_seconds_per_call: 0.75, wall_seconds_per_call: 4, memory_mib: 512}
lessons:
  - {id: program, title: Programs, points: 5, data: [factor.txt]}
"""


@pytest.fixture(scope="module", params=[Isolation.FULL, Isolation.FILTERED])
def graded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, StudentResult]:
    folder: Path = tmp_path_factory.mktemp("course")
    write_one_lesson(folder, COURSE, "program", SOLUTION, CHECKS)
    (folder / "solutions" / "factor.txt").write_text("7")
    programs = {program.name: program.text for program in PROGRAMS}
    programs |= dict.fromkeys(HONEST, SOLUTION)
    class_ = make_class("program", dict(sorted(programs.items())))
    results = grade_in_one_class(folder, request.param, class_)
    assert (folder / "solutions" / "factor.txt").read_text() == "7"
    return results


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_gets_the_verdict_in_its_head(
    graded: dict[str, StudentResult], program: Program
) -> None:
    assert_verdict(graded[program.name], program)


def test_honest_programs_among_them_keep_every_point(graded: dict[str, StudentResult]) -> None:
    assert {graded[name].lessons[0].score for name in HONEST} == {5}
