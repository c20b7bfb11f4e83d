"""What a hidden check draws is told to nobody, however a program tries to pass it on."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from click.testing import CliRunner
from tiny_course import write_course

from grader.cli import main

pytestmark = pytest.mark.skipif("sys.platform != 'linux'", reason="grades in the real sandbox")

SOLUTION: Final = """\
import numpy as np

ANSWERS = {"why": "So."}


def double(x):
    ### BEGIN SOLUTION
    return 2 * np.asarray(x)
    ### END SOLUTION
"""
VISIBLE: Final = '''\
import numpy as np
from numpy.testing import assert_allclose


def test_ones(student):
    """Ones become twos."""
    assert_allclose(student.double(np.ones((3, 4))), np.full((3, 4), 2.0))
'''
HIDDEN: Final = '''\
from numpy.testing import assert_allclose


def test_drawn(student, reference, rng):
    """Any numbers become twice as large."""
    x = rng.normal(size=(3, 4))
    assert_allclose(student.double(x), reference.double(x))
'''
LESSON: Final = {
    "id": "double", "points": 3, "answers_in": "ANSWERS",
    "written": [{"id": "why", "title": "Why?", "points": 1}],
}  # fmt: skip

#: Finds what is drawn, as soon as it can: in the calls that wait in the process, or when called.
SPY: Final = """\
import sys
import numpy as np
from grader.sandbox import wire

ANSWERS = {"why": "Because."}
seen = []

def look_around():
    frame = sys._getframe()
    while frame is not None:
        for things in frame.f_locals.values():
            for thing in things if type(things) is list else ():
                if type(thing) is bytes:
                    keep(wire.decode(thing)[2])
        frame = frame.f_back

def keep(arguments):
    found = [x for x in arguments if isinstance(x, np.ndarray) and not (x == 1).all()]
    seen.extend(found)
    if seen:
        ANSWERS["why"] = " ".join(map(repr, seen[-1].ravel().tolist()))

def double(x):
    keep([x])
    look_around()
    return RETURNED
"""
LOOKS: Final = "\nlook_around()\n"


RETURNS: Final = {
    "as what a visible check got": "np.reshape(seen[-1] if seen else x, (3, 4))",
    "as its picture": "np.where(np.ones((3, 4)) > 0, seen[-1] if seen else 7.0, 0.0)",
    "in an exception of a visible check": "{}[repr([x.tolist() for x in seen])]",
    "in a name": "type(repr([x.tolist() for x in seen]), (), {})()",
    "in a written answer": "2 * np.asarray(x)",
}
#: Each with what it runs when it is loaded: nothing, or a look for the calls made ahead.
WAYS: Final = {
    f"{way}, {when}": SPY.replace("RETURNED", returns) + looks
    for way, returns in RETURNS.items()
    for when, looks in (("called", ""), ("ahead", LOOKS))
}
RIGHT: Final = SPY.replace("RETURNED", "2 * np.asarray(x)")

#: What each student hands in: a script, or the cells of a notebook.
CLASS: Final = {
    **{way: [program] for way, program in WAYS.items()},
    "in a cell that fails": [RIGHT, "look_around()", "raise ValueError(f'it saw {seen}')"],
    "honest": ["import numpy as np\ndef double(x):\n    return 3.25 * np.asarray(x)\n"],
    "wrong once it has found one": [
        SPY.replace("RETURNED", "2 * np.asarray(x) if not seen else None") + LOOKS
    ],
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a class that is graded at once."""
    folder = tmp_path_factory.mktemp("hidden-inputs")
    course = write_course(
        folder / "course",
        lessons=[LESSON],
        solutions={"double": SOLUTION},
        hidden={"double": HIDDEN},
        visible={"double": VISIBLE},
    )
    for student, cells in CLASS.items():
        own = folder / "in" / student
        own.mkdir(parents=True)
        if len(cells) == 1:
            (own / "double.py").write_text(cells[0], "utf-8")
        else:
            code = [{"cell_type": "code", "source": cell, "metadata": {}} for cell in cells]
            text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code})
            (own / "double.ipynb").write_text(text, "utf-8")
    arguments = ["grade", str(folder / "in"), "--out", str(folder / "out"), "--jobs", "1"]
    result = CliRunner().invoke(main, ["--course", str(course), *arguments])
    assert result.exit_code == 0, result.output
    return folder / "out"


@pytest.fixture
def graded(out: Path) -> Callable[[str], dict[str, Any]]:
    """A student's lesson in results.json."""
    told = json.loads((out / "results.json").read_bytes())
    lessons = {student["student"]: student["lessons"][0] for student in told["students"]}
    return lessons.__getitem__


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_program_finds_a_hidden_input_and_gets_its_verdict(
    graded: Callable[[str], dict[str, Any]], way: str
) -> None:
    statuses = [check["status"] for check in graded(way)["checks"]]
    assert statuses == (
        ["passed", "passed", "pending"]
        if way.startswith("in a written answer")
        else ["failed", "failed", "pending"]
    )


@pytest.mark.slow
def test_no_hidden_number_comes_out(out: Path) -> None:
    """None of the drawn numbers is in a file of the output, to three digits or more."""
    drawn = np.random.Generator(np.random.PCG64(zlib.crc32(b"test_drawn"))).normal(size=(3, 4))
    digits = {f"{number:.12f}"[:5].encode() for number in np.abs(drawn).ravel()}
    files = [path for path in out.rglob("*") if path.is_file()]
    assert len(files) > len(CLASS) + 3
    found = {path.name: [n for n in digits if n in path.read_bytes()] for path in files}
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


@pytest.mark.slow
def test_a_cell_that_fails_tells_what_it_had_not_found(
    graded: Callable[[str], dict[str, Any]],
) -> None:
    lesson = graded("in a cell that fails")
    assert "raises ValueError: it saw []; " in lesson["message"]


@pytest.mark.slow
def test_numbers_of_visible_checks_are_told_as_ever(
    graded: Callable[[str], dict[str, Any]],
) -> None:
    checks = graded("honest")["checks"]
    ones = next(check for check in checks if check["check"] == "test_ones")
    assert "3.25" in ones["message"]


@pytest.mark.slow
def test_a_program_cannot_find_a_hidden_input_before_all_visible_checks_are_told(
    graded: Callable[[str], dict[str, Any]],
) -> None:
    """It looks around whenever it can, and is wrong as soon as it has found one."""
    checks = graded("wrong once it has found one")["checks"]
    statuses = {check["check"]: check["status"] for check in checks}
    assert statuses == {"test_ones": "passed", "test_drawn": "failed", "why": "pending"}
