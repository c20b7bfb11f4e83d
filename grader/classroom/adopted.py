"""An assignment of an instructor's own course that `grader classroom adopt` has taken over.

Its folder, ``adopted/ASSIGNMENT`` in the classroom, is a course made of the test cells, and a file
that says which check belongs to which cell, and which cells stay in nbgrader's kernel.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from grader.errors import GraderError
from grader.importing.draft import Place
from grader.text import clean

ADOPTED: Final = "adopted"
CELLS_FILE: Final = "cells.json"

_MEANINGS: Final = {
    Place.OUTSIDE: "Outside, with a remark:",
    Place.INSIDE: (
        "Inside, beside the student's code: apart from this machine, the network and other "
        "students, but that code can read the test, and forge what comes of it:"
    ),
    Place.STAYS: (
        "These stay in nbgrader's kernel, where nothing keeps the student's code from this machine:"
    ),
}


class AdoptedCell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A test cell."""

    grade_id: str
    points: float
    place: Place
    reason: str  # why it is not outside; or what the student's program can still change
    checks: tuple[str, ...]  # of the course; none of an outer cell: everybody gets its points
    anchor: str = ""  # the comment that stands for it in a student's program


class AdoptedNotebook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notebook of the assignment."""

    lesson: str  # of the course; empty if none of its cells is graded there
    cells: tuple[AdoptedCell, ...]
    locked: Mapping[str, str]  # the source of cells that students may not change, by grade id

    @property
    def is_left(self) -> bool:
        """Whether nbgrader grades all its cells, if there are some."""
        return bool(self.cells) and not self.graded

    @property
    def graded(self) -> tuple[AdoptedCell, ...]:
        """The cells that our preprocessor grades."""
        return tuple(cell for cell in self.cells if cell.place is not Place.STAYS)

    @property
    def anchors(self) -> Mapping[str, str]:
        """The comments that stand for test cells in a student's program, by grade id."""
        return {cell.grade_id: cell.anchor for cell in self.cells if cell.anchor}

    @property
    def stays(self) -> frozenset[str]:
        """The grade ids of the cells that nbgrader's kernel grades."""
        return frozenset(cell.grade_id for cell in self.cells if cell.place is Place.STAYS)


class AdoptedAssignment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of an adopted assignment."""

    assignment: str
    notebooks: Mapping[str, AdoptedNotebook]  # by file name without the ending

    @property
    def cells(self) -> tuple[AdoptedCell, ...]:
        """All its test cells."""
        return tuple(cell for notebook in self.notebooks.values() for cell in notebook.cells)

    def write(self, folder: Path) -> None:
        """Write the file into the folder of the course."""
        text = msgspec.json.format(msgspec.json.encode(self), indent=1)
        (folder / CELLS_FILE).write_bytes(text + b"\n")


def adopted_folder(classroom: Path, assignment: str) -> Path:
    """Where the course of an adopted assignment is."""
    return classroom / ADOPTED / assignment


def read_adopted(folder: Path) -> AdoptedAssignment:
    """Read what stands in the folder of an adopted assignment.

    Raises:
        GraderError: nothing does, or it was changed.
    """
    path = folder / CELLS_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=AdoptedAssignment)
    except FileNotFoundError:
        why = "is not there"
    except OSError as error:
        why = f"cannot be read ({error.strerror or error})"
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        why = f"cannot be used ({error})"
    name = shlex.quote(folder.name)
    raise GraderError(f"{path} {why}: run `grader classroom adopt --force {name}`")


def find_adopted(classroom: Path) -> list[str]:
    """The assignments that have been adopted in a classroom, sorted."""
    return sorted(path.parent.name for path in (classroom / ADOPTED).glob(f"*/{CELLS_FILE}"))


def report(assignment: AdoptedAssignment) -> Iterator[str]:
    """Lines that say where each test cell is graded, and why it is not outside."""
    yield f"{clean(assignment.assignment)}: {count_places(assignment.cells)}."
    for place, meaning in _MEANINGS.items():
        cells = [
            (name, cell)
            for name, notebook in assignment.notebooks.items()
            for cell in notebook.cells
            if cell.place is place and cell.reason
        ]
        if cells:
            yield meaning
        for name, cell in cells:
            yield f"  {clean(name)}, {clean(cell.grade_id)}: {clean(cell.reason, limit=300)}"


def count_places(cells: Iterable[AdoptedCell]) -> str:
    """How many cells are graded where: ``41 cells: 33 outside, 6 inside, 2 stay``."""
    counts = Counter(cell.place for cell in cells)
    all_ = counts.total()
    return (
        f"{all_} test cell{'s' * (all_ != 1)}: {counts[Place.OUTSIDE]} outside, "
        f"{counts[Place.INSIDE]} inside, {counts[Place.STAYS]} stay"
    )
