"""The table of what crosses, in docs/authoring.md: each row is what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from places import REPOSITORY

from grader.course import Course
from grader.grading import grading_process as process
from grader.results import LessonResult
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

PAGE = REPOSITORY / "docs" / "authoring.md"
TABLE = PAGE.read_text("utf-8").partition("| a student writes | a check says |\n")[2]
ROWS = {
    kind.strip(): ["\n".join(re.findall("`([^`]+)`", cell)) for cell in cells]
    for kind, *cells in (
        line.strip("|").split("|") for line in TABLE.partition("\n\n")[0].splitlines()[1:]
    )
}
FIXTURES = ("student", "reference", "capsys", "monkeypatch", "tmp_path")
IMPORTS = """
import collections, contextlib, dataclasses, datetime, decimal, enum, fractions, functools
import itertools, operator, pathlib, random
import numpy as np
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[LessonResult]]]:
    """Each row as a lesson: of one who writes what the page says, and of one who writes nothing."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "course.yaml").write_text("id: page\ntitle: The page\npackages: [scipy]\nlessons:\n")
    for place in ("solutions", "tests/lessons/hidden"):
        (folder / place).mkdir(parents=True)
    lessons: dict[str, str] = {}
    modules: dict[str, dict[str, str]] = {}
    for number, (student, check) in enumerate(ROWS.values()):
        name = f"row_{number}"
        own, _, helpers = student.partition("# helpers.py\n")
        lessons[name] = IMPORTS + own
        modules[name] = {"helpers.py": helpers} if helpers else {}
        for path, text in modules[name].items():
            (folder / "solutions" / path).write_text(text)
        with (folder / "course.yaml").open("a") as file:
            files = ", ".join(modules[name])
            file.write(f"  - {{id: {name}, title: A row, points: 1, files: [{files}]}}\n")
        (folder / "solutions" / f"{name}.py").write_text(lessons[name])
        body = "".join(f"    {line}\n" for line in check.splitlines())
        body = body.replace("from lesson import", f"from {name} import")
        fixtures = ", ".join(it for it in FIXTURES if it in body)
        (folder / "tests/lessons/hidden" / f"test_{name}.py").write_text(
            f'{IMPORTS}import pytest\n\ndef test_{name}({fixtures}):\n    """A."""\n{body}'
        )

    def hand_in(who: str, text: Any) -> Submission:
        sources = {
            it: Source(
                f"{it}.py",
                (text(it),),
                notebook=False,
                modules={path: own if who == "ada" else "" for path, own in modules[it].items()},
            )
            for it in lessons
        }
        return Submission(who, sources)

    course = Course.load(folder)
    class_ = [hand_in("ada", lessons.get), hand_in("bob", lambda _: IMPORTS + "def g(): return 0")]
    try:
        results = process.grade_batch(course, Isolation.FULL, class_)
        yield {one.student: list(one.lessons) for one in results}
    finally:
        process.forget()


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_the_page_is_true(graded: dict[str, list[LessonResult]], row: str) -> None:
    number = list(ROWS).index(row)
    [right], [wrong] = (graded[who][number].checks for who in ("ada", "bob"))
    assert right.status == "passed", right.message
    assert wrong.status == "failed", wrong.message
