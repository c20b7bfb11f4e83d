"""The test cells of a lesson: one for each function, or dict of answers, with its checks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.classroom.adopted import AdoptedNotebook
from grader.grading.check_subjects import CheckSubject


@dataclass(frozen=True, slots=True)
class TestCell:
    """The checks that one test cell stands for."""

    __test__ = False  # to pytest: this is none of yours

    grade_id: str
    subject: str
    points: float
    checks: tuple[str, ...]  # of these, in the order in which they run
    visible: tuple[str, ...]


def test_cells(checks: Sequence[CheckSubject]) -> list[TestCell]:
    """A lesson's test cells, in the order of their first checks."""
    groups: dict[str, list[CheckSubject]] = {}
    for check in checks:
        groups.setdefault(check.subject, []).append(check)
    return [
        TestCell(
            make_grade_id("test", subject),
            subject,
            sum(check.points for check in group),
            tuple(check.check for check in group),
            tuple(check.check for check in group if not check.hidden),
        )
        for subject, group in groups.items()
    ]


def adopted_cells(notebook: AdoptedNotebook) -> list[TestCell]:
    """The test cells of an adopted notebook that are graded here."""
    return [
        TestCell(cell.grade_id, cell.grade_id, cell.points, cell.checks, ())
        for cell in notebook.graded
    ]


def make_grade_id(kind: str, name: str) -> str:
    """A cell's name for nbgrader: letters, digits, dashes and underscores."""
    return f"{kind}-{re.sub(r'[^a-zA-Z0-9_-]', '-', name)}"
