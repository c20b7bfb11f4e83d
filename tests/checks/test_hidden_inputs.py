"""What a hidden check draws is told to nobody, however a program tries to pass it on."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
from click.testing import CliRunner

from grader.cli import main

if TYPE_CHECKING:
    from tiny_course import CourseWriter

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


@pytest.fixture
def graded(tiny_course: CourseWriter, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Grade a program; returns its lesson in results.json."""
    course = tiny_course(
        lessons=[LESSON],
        solutions={"double": SOLUTION},
        hidden={"double": HIDDEN},
        visible={"double": VISIBLE},
    )

    def grade(*cells: str) -> dict[str, Any]:
        folder = tmp_path / "in" / "ada"
        folder.mkdir(parents=True)
        if len(cells) == 1:
            (folder / "double.py").write_text(cells[0], "utf-8")
        else:
            code = [{"cell_type": "code", "source": cell, "metadata": {}} for cell in cells]
            text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code})
            (folder / "double.ipynb").write_text(text, "utf-8")
        arguments = ["grade", str(folder.parent), "--out", str(tmp_path / "out"), "--fresh"]
        result = CliRunner().invoke(main, ["--course", str(course), *arguments, "--jobs", "1"])
        assert result.exit_code == 0, result.output
        told = json.loads((tmp_path / "out" / "results.json").read_bytes())
        return dict(told["students"][0]["lessons"][0])

    return grade


@pytest.fixture
def leaked(tmp_path: Path) -> Callable[[], set[str]]:
    """Which of the drawn numbers are in a file of the output, to three digits or more."""
    drawn = np.random.Generator(np.random.PCG64(zlib.crc32(b"test_drawn"))).normal(size=(3, 4))
    digits = {f"{number:.12f}"[:5] for number in np.abs(drawn).ravel()}

    def find() -> set[str]:
        files = [path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()]
        assert len(files) > 3
        return {it for it in digits for data in files if it.encode() in data}

    return find


RETURNS: Final = {
    "as what a visible check got": "np.reshape(seen[-1] if seen else x, (3, 4))",
    "as its picture": "np.where(np.ones((3, 4)) > 0, seen[-1] if seen else 7.0, 0.0)",
    "in an exception of a visible check": "{}[repr([x.tolist() for x in seen])]",
    "in a name": "type(repr([x.tolist() for x in seen]), (), {})()",
    "in a written answer": "2 * np.asarray(x)",
}


@pytest.mark.slow
@pytest.mark.parametrize("looks", ["", LOOKS], ids=["called", "ahead"])
@pytest.mark.parametrize("way", RETURNS)
def test_no_hidden_number_comes_out(
    graded: Callable[..., dict[str, Any]], leaked: Callable[[], set[str]], way: str, looks: str
) -> None:
    lesson = graded(SPY.replace("RETURNED", RETURNS[way]) + looks)
    right = way == "in a written answer"
    statuses = [check["status"] for check in lesson["checks"]]
    assert statuses == (
        ["passed", "passed", "pending"] if right else ["failed", "failed", "pending"]
    )
    assert leaked() == set()


@pytest.mark.slow
def test_no_hidden_number_comes_out_of_a_cell_that_fails(
    graded: Callable[..., dict[str, Any]], leaked: Callable[[], set[str]]
) -> None:
    right = SPY.replace("RETURNED", "2 * np.asarray(x)")
    lesson = graded(right, "look_around()", "raise ValueError(f'it saw {seen}')")
    assert "raises ValueError: it saw []; " in lesson["message"]
    assert leaked() == set()


@pytest.mark.slow
def test_numbers_of_visible_checks_are_told_as_ever(graded: Callable[..., dict[str, Any]]) -> None:
    lesson = graded("import numpy as np\ndef double(x):\n    return 3.25 * np.asarray(x)\n")
    ones = next(check for check in lesson["checks"] if check["check"] == "test_ones")
    assert "3.25" in ones["message"]


@pytest.mark.slow
def test_a_program_cannot_find_a_hidden_input_before_all_visible_checks_are_told(
    graded: Callable[..., dict[str, Any]],
) -> None:
    """It looks around whenever it can, and is wrong as soon as it has found one."""
    lesson = graded(SPY.replace("RETURNED", "2 * np.asarray(x) if not seen else None") + LOOKS)
    statuses = {check["check"]: check["status"] for check in lesson["checks"]}
    assert statuses == {"test_ones": "passed", "test_drawn": "failed", "why": "pending"}
