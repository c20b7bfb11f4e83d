"""Slips of the hand and of habit: each costs points, and is told what a tutor would say."""

from __future__ import annotations

from typing import Final

import pytest
from places import REPOSITORY

from grader.course import Course
from grader.grading import process
from grader.results import LessonResult, LessonStatus
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

COURSE: Final = Course.load(REPOSITORY)

#: How many slips are told neither what they mean nor by a name today. It only ever goes down.
UNEXPLAINED: Final = 64


def slips() -> list[tuple[str, str, str]]:
    """The lesson, a tutor's words, and the code of each slip."""
    text = (REPOSITORY / "tests" / "this_course" / "homework" / "slips.py").read_text("utf-8")
    found = []
    for cell in text.split("\n# %% ")[1:]:
        lesson, words, code = cell.split("\n", maxsplit=2)
        found.append((lesson, words.removeprefix("# tutor: "), code))
    return found


SLIPS: Final = slips()


@pytest.fixture(scope="module")
def graded() -> list[LessonResult]:
    """The lesson of each slip, everything else in it right, graded as one class."""
    solutions = {lesson.id: lesson.solution.read_text("utf-8") for lesson in COURSE.lessons}
    class_ = []
    for number, (lesson, _, code) in enumerate(SLIPS):
        texts = solutions | {lesson: f"{solutions[lesson]}\n\n{code}"}
        sources = {id_: Source(f"{id_}.py", (text,), False) for id_, text in texts.items()}
        class_.append(Submission(f"{number:03}", sources))
    results = process.grade_batch(COURSE, Isolation.FULL, class_)
    return [
        next(it for it in result.lessons if it.lesson == slip[0])
        for result, slip in zip(results, SLIPS, strict=True)
    ]


def is_explained(result: LessonResult) -> bool:
    """Whether the failure to look at first says what it means, or names the mistake."""
    if result.status is LessonStatus.UNREADABLE:
        return "This means: " in (result.message or "")
    first = next(check for check in result.checks if check.score < check.max_score)
    return first.misconception is not None or "\nmeans " in (first.message or "")


def test_there_are_enough_slips() -> None:
    assert len(SLIPS) >= 120


@pytest.mark.slow
def test_every_slip_costs_points_and_is_told(graded: list[LessonResult]) -> None:
    for slip, result in zip(SLIPS, graded, strict=True):
        assert result.score < result.max_score, slip
        told = [result.message, *(check.message for check in result.checks)]
        assert any(told), slip


@pytest.mark.slow
def test_few_slips_are_left_unexplained(graded: list[LessonResult]) -> None:
    left = [slip for slip, result in zip(SLIPS, graded, strict=True) if not is_explained(result)]
    assert len(left) <= UNEXPLAINED, left
