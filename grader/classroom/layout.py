"""nbgrader's cells of one notebook as the gradebook knows them, and any notebook fitted to them.

What a student hands in may be damaged in any way. It is never repaired in place: a new notebook is
made of the student's texts and the gradebook's cells, and that is valid by construction.
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
#: Where Markdown says what a link points to, if that begins with a scheme, or with what may be read
#: as one, and is none of the harmless: a browser runs `javascript:…`, which has many spellings.
_TARGET: Final = re.compile(
    r"(?P<before>\](?:\(|:)[\s>]*+<?+)"
    r"(?!(?i:https?|mailto|attachment):)(?=[^\s)/?#:&]{0,40}[:&])"
)
#: A picture that is kept in the cell. A page with one that is not there cannot be made at all.
_ATTACHED: Final = re.compile(
    r"(?P<before>\](?:\(|:)[\s>]*+<?+)(?=(?i:attachment):(?P<name>[^\s)>]{0,200}))"
)
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")  # spelled the same in an address
_PICTURE: Final = re.compile(r"image/(png|jpeg|gif|webp)")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/=\s]*")
_MISSING: Final = "*This cell was missing from the submission, and was put back empty.*"


@dataclass(frozen=True, slots=True)
class LayoutCell:
    """One of nbgrader's cells."""

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
        """Whether its score is the grader's to give."""
        return self.points is not None and not self.solution and not self.task


@dataclass(frozen=True, slots=True)
class Layout:
    """What the gradebook says of a notebook: its cells, in the order of the released one."""

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
    """A notebook of the student's texts, with all of nbgrader's cells and no outputs.

    Args:
        handed_in: the cells of the student's file; none of one that is no notebook.
        layout: the cells that must be there.
        notice: shown at the top.
    """
    by_name = {cell.grade_id: cell for cell in layout.cells}
    theirs = [_handed_in(cell) for cell in handed_in if cell]
    # As nbgrader has it: of cells with one id, the last one counts.
    last = {cell.grade_id: place for place, cell in enumerate(theirs) if cell.grade_id in by_name}
    cells: list[NotebookNode] = []
    places: dict[str, NotebookNode] = {}
    for place, cell in enumerate(theirs):
        ours = by_name.get(cell.grade_id)
        if ours is None:
            cells.append(_theirs(cell))
        elif last[cell.grade_id] == place:
            source = ours.source if ours.locked else _without_html(ours.cell_type, cell.source)
            cells.append(_marked(ours, source, cell.attachments))
            places[ours.grade_id] = cells[-1]
        elif cell.source != ours.source:  # a copy of ours says nothing new
            cells.append(_theirs(cell))
    _put_back(cells, places, layout)
    if notice:
        cells.insert(0, _new("markdown", notice, {}))
    for number, new in enumerate(cells):
        new["id"] = f"cell-{number}"
    metadata = {"kernelspec": dict(layout.kernelspec)} if layout.kernelspec else {}
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(metadata), cells=cells)


def _put_back(cells: list[NotebookNode], places: dict[str, NotebookNode], layout: Layout) -> None:
    """Insert what is graded or locked and is not there, each after the one that comes before it."""
    before: NotebookNode | None = None
    for ours in layout.cells:
        if ours.grade_id not in places and (ours.locked or ours.points is not None):
            source = ours.source if ours.locked else _MISSING
            new = _marked(ours, source, {})
            index = next((i for i, cell in enumerate(cells) if cell is before), -1)
            cells.insert(index + 1, new)
            places[ours.grade_id] = new
        before = places.get(ours.grade_id, before)


@dataclass(frozen=True, slots=True)
class _HandedIn:
    cell_type: str
    source: str
    grade_id: str  # empty: none
    attachments: Mapping[str, Any]


def _handed_in(cell: Cell) -> _HandedIn:
    source = cell.get("source", cell.get("input", ""))
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = mark.get("grade_id") if isinstance(mark, dict) else None
    attachments = cell.get("attachments")
    return _HandedIn(
        str(cell.get("cell_type")),
        make_encodable(text.replace("\r\n", "\n").replace("\r", "\n")),
        name if isinstance(name, str) else "",
        attachments if isinstance(attachments, dict) else {},
    )


def _theirs(cell: _HandedIn) -> NotebookNode:
    # nbconvert writes a raw cell into a page as it is.
    kind = "code" if cell.cell_type == "code" else "markdown"
    return _new(kind, _without_html(kind, cell.source), cell.attachments)


def _without_html(cell_type: str, source: str) -> str:
    """Text in which no HTML, and no link, is left that formgrader or the feedback would obey."""
    if cell_type == "code":
        return source
    return _TARGET.sub(r"\g<before>#", _TAG.sub("&lt;", source))


def _marked(ours: LayoutCell, source: str, attachments: Mapping[str, Any]) -> NotebookNode:
    cell = _new(ours.cell_type, source, attachments)
    mark: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": ours.grade_id,
        "grade": ours.points is not None and not ours.task,
        "locked": ours.locked,
        "solution": ours.solution,
        "task": ours.task,
        "cell_type": ours.cell_type,
        "checksum": ours.checksum,
    }
    if ours.points is not None:
        mark["points"] = ours.points
    cell.metadata["nbgrader"] = NotebookNode(mark)
    return cell


def _new(cell_type: str, source: str, attachments: Mapping[str, Any]) -> NotebookNode:
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
    """The names of the released notebook's cells in order, as far as it can be read."""
    try:
        cells = read_cells(released.read_bytes(), released.name)
    except (OSError, IntakeError):
        return
    for cell in map(_handed_in, cells):
        if cell.grade_id:
            yield cell.grade_id
