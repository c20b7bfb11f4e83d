"""`grader import`: makes a course of notebooks or tests that exist already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.author import prove
from grader.cli.options import jobs_option

if TYPE_CHECKING:
    from grader.importing.import_course import Imported


@click.command("import")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.argument("new_course", type=click.Path(file_okay=False, path_type=Path))
@jobs_option
@click.pass_context
def import_course(ctx: click.Context, source: Path, new_course: Path, jobs: int) -> None:
    """Make a course of what you have already.

    SOURCE is an nbgrader course (with source/ASSIGNMENT/*.ipynb), an Otter assignment (a notebook,
    or a folder with one), or a folder with stubs, solutions and tests for pytest or unittest, such
    as an exercise of Exercism's. NEW_COURSE is a new folder.

    Each test is tried on the solution in the sandbox. One that can only run beside the student's
    code, such as a test that deletes a function, is marked as such in its check file. Then the
    course is built and verified. What does not come over is listed, and the exit code is 1. The
    solutions and tests of SOURCE run on this machine, so import what you trust.

    Example: grader import ~/python/exercises/practice/two-fer two-fer
    """
    from grader.cli.screen import progress_bar
    from grader.importing.import_course import import_course as make_course
    from grader.verify.verification import Verifier

    with progress_bar("Trying") as bar:
        task = bar.add_task("", total=None)
        imported = make_course(
            source, new_course, lambda done, all_: bar.update(task, completed=done, total=all_)
        )
    _tell(imported, new_course)
    course = imported.course
    prove(course, Verifier(course, list(course.lessons)), jobs=jobs)
    if imported.left_over:
        ctx.exit(1)


def _tell(imported: Imported, folder: Path) -> None:
    lessons = len(imported.course.lessons)
    points = sum(lesson.points for lesson in imported.course.lessons)
    click.echo(
        f"{folder}: made of {imported.kind}: {lessons} lesson{'s' * (lessons != 1)}, "
        f"{imported.checks} check{'s' * (imported.checks != 1)}, {points:g} points."
    )
    if imported.inside:
        click.echo("Beside the student's code, which can read and forge them, run the tests of")
        click.echo("\n".join(f"  {where}" for where in imported.inside))
    if imported.left_over:
        count = len(imported.left_over)
        click.echo(f"{count} thing{'s' * (count != 1)} did not come over:")
        click.echo("\n".join(f"  {where}: {reason}" for where, reason in imported.left_over))
