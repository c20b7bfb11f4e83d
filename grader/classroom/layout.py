"""The cells of a notebook in the gradebook, and how a student's notebook is fitted to them.

A student's notebook may be damaged in any way. It is not repaired: a new one is made from the
student's texts and the gradebook's cells. So the new one is always valid.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from nbgrader.api import Gradebook

from grader.errors import IntakeError
from grader.submissions.notebooks import Cell, read_cells
from grader.text import make_encodable

_TAG: Final = re.compile(r"<(?=[a-zA-Z/!?])(?!https?://)")
#: The target of a Markdown link that may begin with a scheme, unless the scheme is harmless. A
#: browser runs `javascript:…`, which can be spelled in many ways, so only known schemes stay.
_TARGET: Final = re.compile(
    r"(?P<before>\](?:\(|:)[\s>]*+<?+)"
    r"(?!(?i:https?|mailto|attachment):)(?=[^\s)/?#:&]{0,40}[:&])"
)
#: A link to a picture that the cell itself holds. nbconvert makes no page if that is missing.
_ATTACHED: Final = re.compile(
    r"(?P<before>\](?:\(|:)[\s>]*+<?+)(?=(?i:attachment):(?P<name>[^\s)>]{0,200}))"
)
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")  # needs no escapes in a link
_PICTURE: Final = re.compile(r"image/(png|jpeg|gif|webp)")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/=\s]*")
_MISSING: Final = "*This cell was missing from the submission, and was put back empty.*"


@dataclass(frozen=True, slots=True)
class LayoutCell:
    """A cell that nbgrader knows: an answer, a test, or text that it locks."""

    grade_id: str
    cell_type: str
    source: str
    locked: bool
    solution: bool
    task: bool
    points: float | None  # None: not graded
    checksum: str | None

    @property
    def is_test(self) -> bool:
        """Whether the grader gives its score, and not a person."""
        return self.points is not None and not self.solution and not self.task


@dataclass(frozen=True, slots=True)
class Layout:
    """The cells of a notebook in the gradebook, in the order of the released notebook."""

    cells: tuple[LayoutCell, ...]
    kernelspec: Mapping[str, Any]


def read_layout(gradebook: Gradebook, assignment: str, notebook: str, released: Path) -> Layout:
    """Read the layout.

    Args:
        gradebook: open.
        assignment: its name.
        notebook: its name, without the ending.
        released: the released notebook, for the order; it need not exist.

    Raises:
        nbgrader.api.MissingEntry: the gradebook has no such notebook.
    """
    entry = gradebook.find_notebook(notebook, assignment)
    points = {cell.name: float(cell.max_score) for cell in (*entry.grade_cells, *entry.task_cells)}
    solutions = {cell.name for cell in entry.solution_cells}
    tasks = {cell.name for cell in entry.task_cells}
    order = {name: place for place, name in enumerate(_grade_ids(released))}
    cells = [
        LayoutCell(
            cell.name,
            cell.cell_type,
            cell.source or "",
            bool(cell.locked),
            cell.name in solutions,
            cell.name in tasks,
            points.get(cell.name),
            cell.checksum,
        )
        for cell in entry.source_cells
    ]
    cells.sort(key=lambda cell: order.get(cell.grade_id, len(order)))
    kernelspec = json.loads(entry.kernelspec or "{}")
    return Layout(tuple(cells), kernelspec)


def fit_to_layout(
    handed_in: Iterable[Cell], layout: Layout, *, notice: str | None = None
) -> NotebookNode:
    """Make a notebook from a student's cells that has all cells of the layout, and no outputs.

    Args:
        handed_in: the cells of the student's file; empty if it is no notebook.
        layout: the cells that nbgrader knows.
        notice: a text for the top of the notebook.
    """
    by_name = {cell.grade_id: cell for cell in layout.cells}
    student_cells = [_read_cell(cell) for cell in handed_in if cell]
    # Of several cells with one id the last one counts, as in nbgrader.
    last = {
        cell.grade_id: place for place, cell in enumerate(student_cells) if cell.grade_id in by_name
    }
    cells: list[NotebookNode] = []
    places: dict[str, NotebookNode] = {}
    for place, cell in enumerate(student_cells):
        released = by_name.get(cell.grade_id)
        if released is None:
            cells.append(_make_student_cell(cell))
        elif last[cell.grade_id] == place:
            source = (
                released.source
                if released.locked
                else _disarm_markup(released.cell_type, cell.source)
            )
            cells.append(_make_layout_cell(released, source, cell.attachments))
            places[released.grade_id] = cells[-1]
        elif cell.source != released.source:  # a copy of the released cell says nothing new
            cells.append(_make_student_cell(cell))
    _restore_missing(cells, places, layout)
    if notice:
        cells.insert(0, _make_cell("markdown", notice, {}))
    for number, new in enumerate(cells):
        new["id"] = f"cell-{number}"
    metadata = {"kernelspec": dict(layout.kernelspec)} if layout.kernelspec else {}
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(metadata), cells=cells)


def _restore_missing(
    cells: list[NotebookNode], places: dict[str, NotebookNode], layout: Layout
) -> None:
    """Insert the graded and the locked cells that are missing, each after its predecessor."""
    before: NotebookNode | None = None
    for released in layout.cells:
        if released.grade_id not in places and (released.locked or released.points is not None):
            source = released.source if released.locked else _MISSING
            new = _make_layout_cell(released, source, {})
            index = next((i for i, cell in enumerate(cells) if cell is before), -1)
            cells.insert(index + 1, new)
            places[released.grade_id] = new
        before = places.get(released.grade_id, before)


@dataclass(frozen=True, slots=True)
class _StudentCell:
    cell_type: str
    source: str
    grade_id: str  # empty: none
    attachments: Mapping[str, Any]


def _read_cell(cell: Cell) -> _StudentCell:
    source = cell.get("source", cell.get("input", ""))
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = mark.get("grade_id") if isinstance(mark, dict) else None
    attachments = cell.get("attachments")
    return _StudentCell(
        str(cell.get("cell_type")),
        make_encodable(text.replace("\r\n", "\n").replace("\r", "\n")),
        name if isinstance(name, str) else "",
        attachments if isinstance(attachments, dict) else {},
    )


def _make_student_cell(cell: _StudentCell) -> NotebookNode:
    # A raw cell becomes Markdown: nbconvert would copy its text into the page as HTML.
    kind = "code" if cell.cell_type == "code" else "markdown"
    return _make_cell(kind, _disarm_markup(kind, cell.source), cell.attachments)


def _disarm_markup(cell_type: str, source: str) -> str:
    """The text without HTML, and without links that formgrader or the feedback would follow."""
    if cell_type == "code":
        return source
    return _TARGET.sub(r"\g<before>#", _TAG.sub("&lt;", source))


def _make_layout_cell(
    released: LayoutCell, source: str, attachments: Mapping[str, Any]
) -> NotebookNode:
    cell = _make_cell(released.cell_type, source, attachments)
    mark: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": released.grade_id,
        "grade": released.points is not None and not released.task,
        "locked": released.locked,
        "solution": released.solution,
        "task": released.task,
        "cell_type": released.cell_type,
        "checksum": released.checksum,
    }
    if released.points is not None:
        mark["points"] = released.points
    cell.metadata["nbgrader"] = NotebookNode(mark)
    return cell


def _make_cell(cell_type: str, source: str, attachments: Mapping[str, Any]) -> NotebookNode:
    if cell_type == "code":
        return new_code_cell(source)
    images = {
        make_encodable(str(name)): {make_encodable(str(kind)): make_encodable(data)}
        for name, bundle in attachments.items()
        if isinstance(bundle, dict)
        for kind, data in list(bundle.items())[:1]
        if isinstance(data, str) and _PICTURE.fullmatch(str(kind)) and _BASE64.fullmatch(data)
    }

    def keep_or_cut(link: re.Match[str]) -> str:
        name = link["name"]
        is_there = name in images and _PLAIN_NAME.fullmatch(name)
        return link["before"] if is_there else f"{link['before']}#"

    source = _ATTACHED.sub(keep_or_cut, source)
    cell = new_markdown_cell(source) if cell_type == "markdown" else new_raw_cell(source)
    if images:
        cell["attachments"] = images
    return cell


def _grade_ids(released: Path) -> Iterator[str]:
    """The ids of the released notebook's cells, in order; none if it cannot be read."""
    try:
        cells = read_cells(released.read_bytes(), released.name)
    except (OSError, IntakeError):
        return
    for cell in map(_read_cell, cells):
        if cell.grade_id:
            yield cell.grade_id
