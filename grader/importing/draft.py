"""The records between a source and the course that is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from grader.importing.cell_names import CellNames


class LeftOver(NamedTuple):
    """Something that did not come over, and waits for the author."""

    where: str  # a file of the source, and the place in it
    what: str


@dataclass(slots=True)
class DraftCheck:
    """A test of the source that becomes a check."""

    where: str  # the cell or case, for messages
    name: str  # of the test function
    title: str
    code: str  # its statements
    points: float
    hidden: bool = False
    builds_on: str = ""  # the name of a check
    before: int = 0  # the number of test cells before it
    #: A comment in the solution, in a cell of its own, where the test stands in the source.
    anchor: str = ""
    is_anchored: bool = False  # whether it meets the program as it stands there
    names: CellNames | None = None  # of the cells before it
    #: Whether it runs beside the student's code, which can read it: what it does is possible there
    #: alone, such as deleting one of the student's functions.
    inside: bool = False
    why_inside: str = ""  # what came of it outside


class Place(StrEnum):
    """Where a test cell of nbgrader's can be graded."""

    OUTSIDE = "outside"  # in another process than the student's code, which sees calls alone
    INSIDE = "inside"  # in the sandbox, beside the student's code, which can read and forge it
    STAYS = "stays"  # nowhere but in nbgrader's kernel


@dataclass(slots=True)
class DraftCell:
    """A test cell of nbgrader's, and the checks that are made of it."""

    where: str  # as its checks and what is left over of it say it
    notebook: str  # its file name without the ending
    grade_id: str
    points: float
    lesson: str = ""  # that its notebook becomes; none if it is left over
    checks: list[str] = field(default_factory=list)  # their names
    is_empty: bool = False  # tests nothing; everybody gets its points


@dataclass(slots=True)
class DraftLesson:
    """A notebook or an exercise that becomes a lesson."""

    id: str
    title: str
    where: str
    solution: str  # the lesson's text, with markers around the answers
    checks: list[DraftCheck] = field(default_factory=list)
    #: What the checks may use.
    names: CellNames = field(default_factory=CellNames)
    suite: str = ""  # a test file that becomes the visible checks as it is
    written: list[dict[str, object]] = field(default_factory=list)  # as course.yaml has them
    data: Mapping[str, bytes] = field(default_factory=dict)  # by their paths beside the solution
    modules: Mapping[str, bytes] = field(default_factory=dict)  # scripts beside it, the same way
    keeps_tests: bool = False  # whether what students hand in has the test cells, too
    part: str = ""  # what it is handed in with, if the source has several assignments
    points: float = 0.0  # of all checks, once these are known
    count: int = 0  # of its checks
    seconds: float = 0.0  # of CPU time that the solution takes to run


@dataclass(slots=True)
class Draft:
    """A course in the making."""

    title: str
    kind: str  # of source, in words
    made_by: str = "grader import"  # the command
    stop_cell_at_error: bool = False  # whether cells of students' notebooks end at an exception
    lessons: list[DraftLesson] = field(default_factory=list)
    left_over: list[LeftOver] = field(default_factory=list)
    cells: list[DraftCell] = field(default_factory=list)  # of nbgrader's, with tests
    by_hand: list[str] = field(default_factory=list)  # where code is that a person marks
