"""Commands for the authors of a course."""

from __future__ import annotations

import click

from grader import stubs
from grader.cli import load_course
from grader.course import Course


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when out of step.")
@click.pass_context
def build(ctx: click.Context, check: bool) -> None:
    """Make the exercises from the solutions.

    Each answer in solutions/ gives way to `raise NotImplementedError`, and the rest becomes
    the lesson in exercises/. Files that belong to no lesson are named and left alone.

    Example: grader build --check
    """
    course = load_course(ctx)
    if check:
        _check(course)
    else:
        _build(course)


def _build(course: Course) -> None:
    result = stubs.build(course)
    for path in result.written:
        click.echo(f"wrote {course.shown(path)}")
    click.echo(f"{len(result.written)} written, {len(result.unchanged)} already in step.")
    _tell_strays(course)


def _check(course: Course) -> None:
    stale = [course.shown(path) for path in stubs.out_of_step(course)]
    _tell_strays(course)
    if stale:
        raise click.ClickException(
            f"out of step with solutions/: {', '.join(stale)}\n"
            "Run `grader build` and commit what it writes."
        )
    click.echo(f"All {len(course.lessons)} exercises are in step with solutions/.")


def _tell_strays(course: Course) -> None:
    strays = ", ".join(course.shown(path) for path in stubs.stray_files(course))
    if strays:
        click.echo(
            f"Warning: of no lesson in course.yaml: {strays}\nDelete it, or add the lesson.",
            err=True,
        )
