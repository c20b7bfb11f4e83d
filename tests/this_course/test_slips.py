"""Slips of the hand and of habit: each costs points, and is told what a tutor would say."""

from __future__ import annotations

import re
from typing import Final

import pytest
from homework import grade_cells, read_cells

from grader.results import CheckResult, LessonResult, LessonStatus, Status

# In the process of the homework, which has learned most of what is known of the mistakes.
pytestmark = pytest.mark.xdist_group("homework")

#: How many slips are told neither what they mean nor by a name today. It only ever goes down.
UNEXPLAINED: Final = 0


SLIPS: Final = list(read_cells("slips"))


@pytest.fixture(scope="module")
def graded() -> list[LessonResult]:
    """The lesson of each slip, all graded as one class."""
    cells = {f"{number:03}": (lesson, code) for number, (lesson, _, code) in enumerate(SLIPS)}
    results = grade_cells(cells)
    return [results[name] for name in cells]


def is_explained(result: LessonResult) -> bool:
    """Whether the failure to look at first says what it means, or where to look, or has a name."""
    if result.status is LessonStatus.UNREADABLE:
        return "This means: " in (result.message or "")
    told_elsewhere = {Status.PASSED, Status.PENDING, Status.SKIPPED}
    first = next(check for check in result.checks if check.status not in told_elsewhere)
    if "does not compile" in (first.message or ""):  # the lesson's note has told why
        return (
            re.search(r"Error: .+ \(.+\); its cell is left out", result.message or "") is not None
        )
    if first.status is Status.NOT_ATTEMPTED:
        return "still stands" in (first.message or "")
    return first.effect is not None or bool({"means", "look at"} & labels_of(first))


def labels_of(check: CheckResult) -> set[str]:
    return {row.label for row in check.rows}


def test_there_are_enough_slips() -> None:
    assert len(SLIPS) >= 309


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
