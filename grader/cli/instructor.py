"""Commands for those who grade."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grader.cli import load_course
from grader.course import Course
from grader.errors import GraderError
from grader.files import make_folder, write_whole
from grader.grading import (
    choose_isolation,
    cut_into_batches,
    grade_class,
    local_executor,
    start_fork_server,
)
from grader.intake import Intake, take_in
from grader.marks import with_marks
from grader.reports import csv, json, table
from grader.results import Report, StudentResult
from grader.sandbox.levels import Isolation
from grader.store import open_store


@click.command()
@click.argument("submissions", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Where results.json and grades.csv go. Made if it is not there.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=lambda: os.cpu_count() or 1,
    show_default="all cores",
    help="How many processes grade at once.",
)
@click.option(
    "--isolation",
    type=click.Choice(list(Isolation), case_sensitive=False),
    help="How far student code is kept apart: at least this, or nothing is graded. Left out: "
    "`full`, or `filtered` where that cannot be had.",
)
@click.pass_context
def grade(
    ctx: click.Context, submissions: Path, out: Path, jobs: int, isolation: Isolation | None
) -> None:
    """Grade a class.

    SUBMISSIONS holds a folder or a .zip for each student, with their lessons in it; a single
    student's folder works too. Writes results.json and grades.csv to the output folder and prints
    a table. Exits with 0 when everyone was graded, whatever the scores.

    Example: grader grade submissions/ --out grades/
    """
    course = load_course(ctx)
    start_fork_server()
    console = Console()
    lesson_ids = tuple(lesson.id for lesson in course.lessons)
    intake = take_in(submissions, lesson_ids, max_file_bytes=course.limits.file_kib * 1024)
    make_folder(out)
    report = _grade(course, intake, jobs, isolation)
    with open_store(out) as store:
        report = with_marks(report, store.marks())
    write_whole(out / "results.json", json.render(report))
    write_whole(out / "grades.csv", [csv.render(report, lesson_ids)])
    console.print(table.render(report, lesson_ids))
    for note in intake.notes:
        click.echo(f"Note: {note}", err=True)
    count = len(report.students)
    click.echo(
        f"{count} student{'s' * (count != 1)}, isolation `{report.isolation}`.\n"
        f"Report: {out / 'results.json'}, {out / 'grades.csv'}"
    )
    if waiting := report.to_mark:
        answers = f"{waiting} written answer{'s wait' if waiting != 1 else ' waits'}"
        click.echo(
            f"{answers} for a mark and count{'s' * (waiting == 1)} 0 until then: "
            f"grader mark --list --out {out}"
        )
    _tell_grader_errors(report)


def _grade(course: Course, intake: Intake, jobs: int, wanted: Isolation | None) -> Report:
    columns = (
        TextColumn("Grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    students = len(intake.students)
    jobs = min(jobs, students)
    with ExitStack() as stack:
        executor = stack.enter_context(local_executor(jobs))
        choice = choose_isolation(course, executor, wanted, processes=jobs)
        click.echo(choice, err=choice.isolation is not Isolation.FULL)
        bar = stack.enter_context(
            Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        )
        task = bar.add_task("", total=students)

        def graded(results: Sequence[StudentResult]) -> None:
            bar.advance(task, len(results))

        batches = cut_into_batches(intake, students, jobs)
        return grade_class(
            course, batches, executor, isolation=choice.isolation, waiting=2 * jobs, graded=graded
        )


def _tell_grader_errors(report: Report) -> None:
    """Name what broke on our side, once per check, and end with exit code 1."""
    broken = {
        f"{lesson}: {check.check}: {check.message}" for _, lesson, check in report.grader_errors
    }
    if broken:
        lines = "\n".join(sorted(broken))
        raise GraderError(
            f"{len(broken)} of our checks broke; no student lost a point for it.\n{lines}"
        )
