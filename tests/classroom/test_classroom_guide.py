"""docs/classroom.md is followed word for word, by an instructor and by a student."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from classroom_folder import Classroom, cell_name, cells_called
from places import REPOSITORY
from some_lessons import write_some_lessons

pytestmark = pytest.mark.classroom

GUIDE = (REPOSITORY / "docs" / "classroom.md").read_text("utf-8")

LESSONS = ("dot_product", "softmax")  # the guide names the first, and the last page shows the other


def commands() -> list[tuple[str, list[str]]]:
    """The commands of the guide in order: who runs them, and their words."""
    blocks = re.findall(r"^```console\n(.*?)^```", GUIDE, flags=re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [(who, shlex.split(rest)) for who, _, rest in (it.partition("$ ") for it in lines)]


def fill_in(classroom: Classroom, folder: Path) -> None:
    """The student's work between fetching and submitting: right answers."""
    for path in folder.glob("*.ipynb"):
        source = classroom.read(classroom.root / "source" / "self-attention" / path.name)
        with classroom.edit(path) as notebook:
            for cell in notebook["cells"]:
                name = cell_name(cell)
                if name.startswith(("answer-", "written-")):
                    cell["source"] = cells_called(source, name)[0]["source"]


def test_each_command_of_the_guide_works_and_the_feedback_arrives(tmp_path: Path) -> None:
    checkout = write_some_lessons(tmp_path / "checkout", LESSONS)
    classroom = Classroom(checkout / "classroom", checkout, "self-attention")
    student = tmp_path / "student"
    home = tmp_path / "student-home"
    (home / ".jupyter").mkdir(parents=True)
    student.mkdir()
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    (home / ".jupyter" / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        f"c.Exchange.root = {str(exchange)!r}\n"
        "c.CourseDirectory.course_id = 'self-attention'\n",
        "utf-8",
    )
    own = {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_DATA_DIR": str(home / "data"),
    }
    where = checkout
    for who, (command, *arguments) in commands():
        if command == "cd":
            where /= arguments[0]
            with (where / "nbgrader_config.py").open("a", encoding="utf-8") as config:
                config.write(f"\nc.Exchange.root = {str(exchange)!r}\n")
        elif who == "student":
            if arguments[0] == "submit":
                fill_in(classroom, student / "self-attention")
            classroom.run_warm(command, *arguments, cwd=student, environment=own)
        else:
            classroom.run_warm(command, *arguments, cwd=where)
    (page,) = (student / "self-attention" / "feedback").rglob("softmax.html")
    assert "10 of 10 points" in page.read_text("utf-8")
    for name in ("grades.csv", "lessons.csv", "checks.csv"):
        assert (where / name).read_text("utf-8").count("\n") > 1, name
    assert (where / "grades" / "results.json").is_file()
