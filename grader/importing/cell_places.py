"""Where each test cell of an nbgrader course can be graded, and why not elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.importing.cell_names import find_needs, with_earlier
from grader.importing.draft import Draft, DraftCell, DraftLesson, Place
from grader.text import clean
from grader.text.wording import list_some


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A test cell, and what came of the trial of its checks on the solution."""

    notebook: str  # its file name without the ending
    grade_id: str
    points: float
    place: Place
    reason: str  # why it is not outside; or what the student's program can still change
    lesson: str = ""  # none if it stays
    checks: tuple[str, ...] = ()  # none: everybody gets its points
    anchor: str = ""  # the comment that stands for it in a program


def place_cells(draft: Draft, lessons: Sequence[DraftLesson]) -> list[PlacedCell]:
    """Place each test cell of a draft.

    Args:
        draft: whose checks were tried.
        lessons: those that can be graded. They lose the checks of cells that stay.
    """
    by_id = {lesson.id: lesson for lesson in lessons}
    reasons = dict(draft.left_over)
    placed = [_place(cell, by_id.get(cell.lesson), reasons) for cell in draft.cells]
    kept = {(cell.lesson, check) for cell in placed for check in cell.checks}
    for lesson in lessons:
        lesson.checks = [check for check in lesson.checks if (lesson.id, check.name) in kept]
    return placed


def _place(cell: DraftCell, lesson: DraftLesson | None, reasons: dict[str, str]) -> PlacedCell:
    about = (cell.notebook, cell.grade_id, cell.points)
    if cell.is_empty and lesson is not None:
        reason = "tests nothing: everybody gets its points"
        return PlacedCell(*about, Place.OUTSIDE, reason, cell.lesson)
    whole = cell.where.rpartition(", cell ")[0]  # the notebook
    checks = [check for check in lesson.checks if check.name in cell.checks] if lesson else []
    if lesson is None or not checks or checks[-1].name != cell.checks[-1]:  # the one with points
        reason = reasons.get(cell.where) or reasons.get(whole) or "its notebook has no solution"
        return PlacedCell(*about, Place.STAYS, clean(reason, limit=500))
    names = tuple(check.name for check in checks)
    anchor = checks[0].anchor
    if inside := [check for check in checks if check.inside]:
        reason = clean(f"outside, {inside[0].why_inside}", limit=500)
        return PlacedCell(*about, Place.INSIDE, reason, cell.lesson, names, anchor)
    reason = _trusts(checks[-1].code, lesson)
    return PlacedCell(*about, Place.OUTSIDE, reason, cell.lesson, names, anchor)


def _trusts(code: str, lesson: DraftLesson) -> str:
    """What a test takes from the student's program, although the instructor has written it."""
    names = lesson.names
    code = names.without_own_imports(with_earlier(code, names, names.tests))
    if taken := sorted(find_needs(code, names).students & names.given):
        return f"takes {list_some(taken)} from the student's program, which can change it"
    return ""
