"""What each wrong choice costs, as a page in Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from grader.course import Course
from grader.verify.marks import LEAST, Marks

_HEAD: Final = """\
# What a wrong choice costs

`grader verify --marks` prints this page; a test compares it with the checks.

Each row is the solution with one wrong choice: a file of `misconceptions/`, or a step of
`variants/`. The rule is that one wrong choice costs at least {least:g} point of its lesson, and no
function more than half of its points. `grader verify` names the rows that break it.
"""


def render_marks(course: Course, marks: Mapping[str, Sequence[Marks]]) -> str:
    """The page.

    Args:
        course: the lessons'.
        marks: of the wrong choices of each lesson, by its id.
    """
    parts = [_HEAD.format(least=LEAST)]
    for lesson in course.lessons:
        if rows := marks.get(lesson.id):
            functions = ", ".join(f"`{name}` {points:g}" for name, points in rows[0].points.items())
            parts.append(f"## {lesson.title}\n\nPoints of each function: {functions}.\n")
            parts.append("| wrong choice | marks | it costs | it is called |\n|---|---|---|---|")
            parts += [_row(row) for row in rows]
            parts.append("")
    return "\n".join(parts)


def _row(marks: Marks) -> str:
    costs = ", ".join(f"`{name}` {lost:g}" for name, lost in marks.lost.items() if lost)
    named = ", ".join(f"`{name}`" for name in marks.named) or "no name"
    return f"| `{marks.choice.name}` | {marks.score:g} | {costs or 'nothing'} | {named} |"
