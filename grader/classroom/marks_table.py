"""The marks of an assignment as a table in a terminal, with those that wait for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich import box
from rich.table import Table
from rich.text import Text

from grader.text import clean
from grader.text.wording import format_points

_MAX_NAME: Final = 32
_MAX_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """One notebook of one student."""

    score: float  # without what lateness costs
    max_score: float
    waits: bool  # for a person
    late: float  # points that lateness costs


@dataclass(frozen=True, slots=True)
class StudentMarks:
    """All notebooks of one student."""

    student: str
    marks: Sequence[Mark | None]  # in the order of the notebooks; None: not handed in

    @property
    def waits(self) -> bool:
        """Whether a person has something to mark."""
        return any(mark is not None and mark.waits for mark in self.marks)

    @property
    def total(self) -> float:
        """The points, less what lateness costs."""
        return sum(max(0.0, mark.score - mark.late) for mark in self.marks if mark)


def read_marks(submission: Any, notebooks: Sequence[str], handed_in: Sequence[str]) -> StudentMarks:
    """A student's marks in the gradebook.

    Args:
        submission: of an open gradebook.
        notebooks: names, in order.
        handed_in: those of them that were graded.
    """
    by_name = {notebook.name: notebook for notebook in submission.notebooks}
    marks = [
        Mark(
            float(notebook.score),
            float(notebook.max_score),
            bool(notebook.needs_manual_grade),
            float(notebook.late_submission_penalty or 0.0),
        )
        if (notebook := by_name.get(name)) is not None and name in handed_in
        else None
        for name in notebooks
    ]
    return StudentMarks(str(submission.student_id), marks)


def render(students: Sequence[StudentMarks], notebooks: Sequence[str]) -> Table:
    """A row for each student; in a large class, only for those who wait for a person."""
    shown = (
        students
        if len(students) <= _MAX_ROWS
        else [student for student in students if student.waits]
    )
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=0)
    table.add_column("student", no_wrap=True, max_width=_MAX_NAME)
    for name in notebooks:
        table.add_column(name.replace("_", "\n"), justify="right", vertical="bottom")
    table.add_column("total", justify="right", style="bold", no_wrap=True)
    for student in shown[:_MAX_ROWS]:
        who = Text(clean(student.student, limit=_MAX_NAME))
        table.add_row(who, *map(_cell, student.marks), f" {format_points(student.total)}")
    return table


def _cell(mark: Mark | None) -> Text:
    if mark is None:
        return Text("missing", style="dim")
    points = format_points(max(0.0, mark.score - mark.late)) + (" late" if mark.late else "")
    return Text(f"{points} ?", style="yellow") if mark.waits else Text(points)
