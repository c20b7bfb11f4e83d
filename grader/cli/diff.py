"""``grader diff``: whose marks a new grading changed."""

from __future__ import annotations

from pathlib import Path

import click

from grader.errors import GraderError


@click.command()
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
def diff(old: Path, new: Path) -> None:
    """Show whose marks changed.

    OLD and NEW are two results.json, or output folders of `grader grade`. Shows for each student
    the checks that changed, and by how many points.

    Example: grader diff grades-monday/ grades/
    """
    from rich.console import Console

    from grader.grading.output_folder import read_results
    from grader.reports import changes_table
    from grader.results.changes import compare

    before, after = read_results(old), read_results(new)
    if before.course != after.course:
        raise GraderError(
            f"{old} is about the course `{before.course}`, and {new} about `{after.course}`. "
            "Name two gradings of the same course."
        )
    changes = compare(before, after)
    students = {student.student for report in (before, after) for student in report.students}
    if changes:
        Console().print(changes_table.render(changes))
    click.echo(changes_table.summary(changes, len(students)))
    if before.isolation != after.isolation:
        click.echo(f"Isolation: `{before.isolation}` then `{after.isolation}`.")
