"""``grader mark``: a person marks written answers, and decides what could not be graded."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import load_whole_course
from grader.course import Course
from grader.grading.marking import Marking, open_marking
from grader.reports.statuses import LOOKS
from grader.results import CheckResult
from grader.text import clean

_MAX_OPENING = 60


@click.command()
@click.argument("student", required=False)
@click.argument("question", required=False)
@click.argument("points", type=float, required=False)
@click.option("--comment", metavar="TEXT", help="A text for the student, beside the points.")
@click.option("--undo", is_flag=True, help="Remove the mark: it waits again.")
@click.option("--list", "listing", is_flag=True, help="List what waits for a mark.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("grades"),
    show_default="grades",
    help="The output folder of `grader grade`.",
)
@click.pass_context
def mark(
    ctx: click.Context,
    *,
    student: str | None,
    question: str | None,
    points: float | None,
    comment: str | None,
    undo: bool,
    listing: bool,
    out: Path,
) -> None:
    """Mark a written answer, or a check that is undecided.

    With POINTS, gives them to STUDENT's answer to QUESTION, and writes the results and pages
    again; without POINTS, shows the answer. A mark stays when the class is graded again. To decide
    about an undecided check, write LESSON.CHECK as QUESTION; LESSON means all undecided checks of
    that lesson. With --list, prints a line for each thing that waits, with tabs between student,
    name, state and the beginning of the text.

    Example: grader mark ada analogy 1.5 --comment "And what is the key?" --out grades/
    """
    course = load_whole_course(ctx)
    if not listing and (student is None or question is None):
        raise click.UsageError("Name a student and a question, or see what there is with --list.")
    if undo and points is not None:
        raise click.UsageError("--undo takes a mark back; it goes without POINTS.")
    if comment is not None and points is None:
        raise click.UsageError("A comment goes with POINTS.")
    with open_marking(course, out) as marking:
        if listing:
            _list(course, marking, student)
            return
        assert student is not None
        assert question is not None
        markable = marking.find(student, question)
        if points is not None:
            _check_points(points, question, markable.max_score)
            marking.give(markable, points, comment)
        elif undo:
            marking.take_back(markable)
        else:
            click.echo("\n\n".join(map(_shown, markable.results)))
            return
    outcome = "waits again"
    if points is not None:
        outcome = f"{points:g} of {markable.max_score:g} points"
    click.echo(f"{clean(student)}: {question}: {outcome}")


def _check_points(points: float, name: str, most: float) -> None:
    if not 0 <= points <= most:  # also true of nan
        raise click.BadParameter(
            f"`{name}` is worth from 0 to {most:g} points, not {points:g}.",
            param_hint="POINTS",
        )


def _shown(check: CheckResult) -> str:
    """An answer with its question and its state; or a check, and why it is undecided."""
    if check.undecided is not None:
        state = LOOKS[check.status].words
        points = f"{check.score:g} of {check.max_score:g} points"
        return f"{check.title} ({state}, {points})\n\n{check.undecided}"
    if not check.answer:
        return f"There is no answer. ({check.message})" if check.message else "There is no answer."
    words = LOOKS[check.status].words
    state = f"{words}, {check.score:g} of {check.max_score:g} points"
    said = f": {check.message}" if check.message and check.message != words else ""
    return f"{check.title} ({state}{said})\n\n{check.answer}"


def _list(course: Course, marking: Marking, student: str | None) -> None:
    """Print what waits for a mark, and the answers that changed after it."""
    markables = list(marking.list_open(student))
    for markable in markables:
        text = clean(markable.text, _MAX_OPENING)
        click.echo("\t".join([clean(markable.student), clean(markable.name), markable.state, text]))
    undecided = sum(markable.state == "undecided" for markable in markables)
    if answers := len(markables) - undecided:
        counted = f"{answers} answer{'s' * (answers != 1)}"
        click.echo(f"{counted}. Read one: grader mark STUDENT QUESTION", err=True)
    if undecided:
        checks = f"{undecided} check{'s' * (undecided != 1)}"
        said = f"{checks} undecided. Decide: grader mark STUDENT LESSON.CHECK POINTS"
        click.echo(f"{said}, or LESSON for all of a lesson", err=True)
    if markables:
        return
    if any(lesson.written for lesson in course.lessons):
        click.echo("Nothing waits for a mark.")
    else:
        click.echo("No lesson of this course has `written:` questions in course.yaml.")
