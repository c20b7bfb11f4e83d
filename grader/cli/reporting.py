"""``grader report``: the results of grading, for instructors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console, RenderableType

from grader.cli import load_course
from grader.cli.options import part_option
from grader.errors import GraderError
from grader.exchange.exports import with_one_part
from grader.grading.output_folder import (
    FEEDBACK,
    find_student,
    read_results,
    write_pages,
)
from grader.reports import class_summary, lesson_text
from grader.reports.pages.class_page import CLASS_PAGE
from grader.results import Report
from grader.results.class_figures import analyse
from grader.text import clean
from grader.text.wording import did_you_mean, format_points

if TYPE_CHECKING:
    from grader.results.parts import Part

_MAX_TEXT = 1_000_000


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--student", metavar="NAME", help="All of one student's lessons, as text.")
@click.option("--check", metavar="NAME", help="Who did not pass a check: its name, or LESSON:NAME.")
@click.option("--misconception", metavar="ID", help="Who holds it: its id, or LESSON:ID.")
@part_option("What was found in this part alone.")
@click.option("--pages", is_flag=True, help="Write report.html and feedback/ anew.")
@click.pass_context
def report(
    ctx: click.Context,
    folder: Path,
    *,
    student: str | None,
    check: str | None,
    misconception: str | None,
    part: Part | None,
    pages: bool,
) -> None:
    """Show what grading found.

    DIR is the output folder of `grader grade`. Alone, it shows the class in one screen; more is in
    its report.html.

    Example: grader report grades/ --misconception wrong-axis
    """
    if sum(map(bool, (student, check, misconception, pages))) > 1:
        raise click.UsageError("One of --student, --check, --misconception and --pages at a time.")
    if part is not None and pages:
        raise click.UsageError("Pages show what was graded. For a part alone: grader grade --part")
    results = read_results(folder)
    if part is not None:
        results = with_one_part(results, part)
    if pages:
        write_pages(folder, results, load_course(ctx))
        click.echo(f"Pages: {folder / CLASS_PAGE}, {folder / FEEDBACK}/")
    elif student is not None:
        click.echo(_one_student(results, student), nl=False)
    elif check is not None:
        _print(class_summary.list_failures(results, *_check(results, check)))
    elif misconception is not None:
        misconceptions = {
            (mistake.lesson, mistake.id): mistake for mistake in analyse(results).misconceptions
        }
        key = _one_of(misconception, list(misconceptions), "nobody holds a misconception called")
        _print(class_summary.list_holders(misconceptions[key]))
    else:
        console = Console(highlight=False)
        _print(class_summary.render(results, console.width), console)


def _print(parts: Iterable[RenderableType], console: Console | None = None) -> None:
    console = console or Console(highlight=False)
    for part in parts:
        console.print(part)


def _one_student(results: Report, name: str) -> str:
    """Every lesson of a student as text."""
    student = find_student(results, name)
    points = f"{format_points(student.score)} of {format_points(student.max_score)} points"
    parts = [f"{clean(name)}: {points}\n", *map(lesson_text.render, student.lessons)]
    return clean("\n".join(parts), _MAX_TEXT, multiline=True)


def _check(results: Report, wanted: str) -> tuple[str, str]:
    checks = dict.fromkeys(
        (lesson.lesson, check.check)
        for student in results.students
        for lesson in student.lessons
        for check in lesson.checks
    )
    return _one_of(wanted, list(checks), "no check that was run is called")


def _one_of(wanted: str, pairs: Sequence[tuple[str, str]], otherwise: str) -> tuple[str, str]:
    """The pair (lesson, name) that was meant by `name` or `lesson:name`."""
    lesson, _, name = wanted.rpartition(":")
    meant = [pair for pair in pairs if pair[1] == name and lesson in ("", pair[0])]
    if not meant:
        guess = did_you_mean(name, (pair[1] for pair in pairs))
        raise GraderError(f"{otherwise} `{clean(wanted)}`{guess}")
    if len(meant) > 1:
        choices = " or ".join(f"`{':'.join(pair)}`" for pair in meant)
        raise GraderError(f"`{clean(name)}` is in several lessons: say {choices}")
    return meant[0]
