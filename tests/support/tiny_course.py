"""A complete course of one lesson, written into a folder: for every test that needs some course."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml

SOLUTION = '''\
# %% [markdown]
# # Lesson {name}

# %%
def {name}(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
'''

HIDDEN_CHECKS = '''\
import pytest


@pytest.mark.points(2)
def test_two_becomes_four(student):
    """{name}(2) is 4."""
    assert student.{name}(2) == 4


def test_zero_stays_zero(student):
    """{name}(0) is 0."""
    assert student.{name}(0) == 0
'''

VISIBLE_CHECKS = '''\
def test_halves_become_wholes(student):
    """{name}(0.5) is 1."""
    assert student.{name}(0.5) == 1
'''


def write_course(
    folder: Path,
    *,
    text: str | None = None,
    solutions: Mapping[str, str | None] | None = None,
    hidden: Mapping[str, str | None] | None = None,
    visible: Mapping[str, str | None] | None = None,
    **fields: Any,
) -> Path:
    """Write a complete course of one lesson, ``double(x)``, into `folder`, and return `folder`.

    Every lesson gets a solution (a function of the lesson's name that doubles), hidden and
    visible checks. No exercises: ``grader.authoring.build.build(Course.load(folder))`` makes them.

    Args:
        folder: made if need be.
        text: course.yaml word for word, instead of what `fields` say. Files are still written
            for the lessons that `fields` name.
        solutions: texts by lesson id, instead of the ready-made ones; None leaves the file out.
        hidden: the same for the hidden checks.
        visible: the same for the visible checks.
        fields: top-level keys of course.yaml, added to or instead of the ready-made ones. An
            entry of ``lessons`` needs an ``id`` alone, or is the id: title and points are
            filled in. A key that is None is left out.
    """
    lessons = [
        {"title": "A made-up lesson", "points": 10}
        | ({"id": entry} if isinstance(entry, str) else entry)
        for entry in fields.pop("lessons", ["double"])
    ]
    course = {"id": "tiny", "title": "A tiny course", "lessons": lessons} | fields
    course = {key: value for key, value in course.items() if value is not None}
    folder.mkdir(parents=True, exist_ok=True)
    if text is None:
        text = yaml.safe_dump(course, sort_keys=False, allow_unicode=True)
    (folder / "course.yaml").write_text(text, encoding="utf-8")
    for place, template, given in (
        ("solutions/{}.py", SOLUTION, solutions or {}),
        ("tests/lessons/hidden/test_{}.py", HIDDEN_CHECKS, hidden or {}),
        ("tests/lessons/visible/test_{}.py", VISIBLE_CHECKS, visible or {}),
    ):
        for name in [lesson["id"] for lesson in lessons]:
            content = given.get(name, template.format(name=name))
            if content is not None:
                path = folder / place.format(name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
    return folder


class CourseWriter(Protocol):
    """What the fixture `tiny_course` gives: :func:`write_course` without its folder."""

    def __call__(
        self,
        *,
        text: str | None = None,
        solutions: Mapping[str, str | None] | None = None,
        hidden: Mapping[str, str | None] | None = None,
        visible: Mapping[str, str | None] | None = None,
        **fields: Any,
    ) -> Path:
        """Write the course and return its folder."""


@pytest.fixture(scope="session")
def course_at() -> Callable[..., Path]:
    """Call it with a folder to write a tiny course there, for more than one test."""
    return write_course


@pytest.fixture
def tiny_course(tmp_path: Path) -> CourseWriter:
    """Call it to write a tiny course: ``folder = tiny_course(limits={"memory_mib": 64})``."""
    return partial(write_course, tmp_path / "course")
