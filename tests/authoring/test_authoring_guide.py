"""docs/authoring.md, followed word for word: writes its files and runs its commands, in order."""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from places import REPOSITORY

PAGE = REPOSITORY / "docs" / "authoring.md"

#: A block of code, and the line above it that names its file.
BLOCK = re.compile(
    r"(?:^`(?P<path>[\w/.]+)`(?P<more>, at its end)?:\n\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Block:
    path: str | None
    more: bool  # goes to the end of a file that is there
    kind: str
    text: str


BLOCKS = [
    Block(found["path"], bool(found["more"]), found["kind"], found["text"])
    for found in BLOCK.finditer(PAGE.read_text("utf-8"))
]


def run(command: str, folder: Path) -> str:
    """Run a command of the page; return what it printed, runs of blanks as one."""
    program, *arguments = shlex.split(command)
    assert program == "grader", f"the page runs nothing but the grader: {command}"
    finished = subprocess.run(
        [sys.executable, "-m", "grader", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.returncode == 0, f"{command}\n{finished.stdout}{finished.stderr}"
    return re.sub(r"[ \t]+", " ", finished.stdout + finished.stderr)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of somebody who did what the page says, and saw what it shows."""
    folder = tmp_path_factory.mktemp("thermometer")
    for block in BLOCKS:
        if block.kind == "console":
            follow(block.text, folder)
            continue
        assert block.path is not None, f"no line says which file this is:\n{block.text}"
        path = folder / block.path
        assert path.is_file() == block.more, f"{block.path} is there already, or not yet"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(block.text)
    return folder


def follow(session: str, folder: Path) -> None:
    """Run the commands of a console block, and look for the lines below each in its output."""
    shown = ""
    for line in session.splitlines():
        if line.startswith("$ "):
            shown = run(line.removeprefix("$ "), folder)
        else:
            assert re.sub(r"[ \t]+", " ", line.strip()) in shown, f"not printed: {line}\n{shown}"


def checks(course: Path, student: str, lesson: int) -> list[dict[str, Any]]:
    report = json.loads((course / "grades" / "results.json").read_text("utf-8"))
    (found,) = (it for it in report["students"] if it["student"] == student)
    return list(found["lessons"][lesson]["checks"])


def test_the_page_has_a_file_for_each_of_its_places() -> None:
    paths = [block.path for block in BLOCKS if block.path]
    for place in ("course.yaml", "solutions/", "tests/lessons/visible/", "tests/lessons/hidden/",
                  "tests/lessons/misconceptions/", "tests/lessons/accepted/",
                  "tests/lessons/variants/", "tests/lessons/drawings/"):  # fmt: skip
        assert any(path.startswith(place) for path in paths), place


def test_following_the_page_shows_what_it_says(course: Path) -> None:
    assert {path.name for path in (course / "exercises").iterdir()} == {"celsius.py", "words.py"}


def test_the_known_mistake_of_the_page_is_named(course: Path) -> None:
    first, *others = checks(course, "ben", 0)
    assert first["misconception"] == "brackets"
    assert "looks like 32 was taken away last, after multiplying" in first["message"]
    assert first["hint"]
    assert [check["status"] for check in others] == ["failed", "skipped", "failed"]


def test_the_mark_of_the_page_is_in_the_results(course: Path) -> None:
    answer = checks(course, "ada", 1)[-1]
    assert (answer["check"], answer["score"]) == ("absolute-zero", 1.5)
    assert "why is there no hottest one?" in answer["message"]


def test_the_examples_in_the_lesson_of_the_page_are_right(course: Path) -> None:
    names: dict[str, Any] = {"__name__": "celsius"}
    exec((course / "solutions" / "celsius.py").read_text("utf-8"), names)
    (example,) = doctest.DocTestFinder().find(names["to_celsius"], "to_celsius", globs=names)
    assert doctest.DocTestRunner().run(example).failed == 0
