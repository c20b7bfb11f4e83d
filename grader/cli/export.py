"""``grader export`` and ``grader gradescope``: what other systems take in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.cli import load_course
from grader.cli.options import LessonName
from grader.errors import GraderError
from grader.sandbox.levels import Isolation

if TYPE_CHECKING:
    from grader.course import Course
    from grader.exchange.gradebooks import Filled
    from grader.results import Report

_FORMATS = ("csv", "json", "markdown", "junit", "canvas", "moodle", "gradescope")
_TEMPLATE = {
    "canvas": "a gradebook exported there (Grades, Export)",
    "moodle": "a grading worksheet downloaded there (View all submissions, Download grading "
    "worksheet)",
}
#: Options that not every format knows.
_FORMATS_OF: Final = {
    "--checks": ("csv",),
    "--assignment": ("canvas",),
    "--template": tuple(_TEMPLATE),
    "--submissions": tuple(_TEMPLATE),
}


@click.command()
@click.argument("grades", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", "target", type=click.Choice(_FORMATS), required=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The file to write (for gradescope: the folder, a file for each student). Left out: "
    "printed.",
)
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The gradebook to fill, as Canvas or Moodle exported it.",
)
@click.option("--assignment", help="Canvas: the column to fill, such as “Homework (1234)”.")
@click.option(
    "--lesson",
    type=LessonName(),
    help="The points of this lesson alone; left out: of all together.",
)
@click.option("--checks", is_flag=True, help="csv: a row for each check, not for each student.")
@click.option(
    "--submissions",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of `grader collect`, which knows everyone's numbers.",
)
@click.pass_context
def export(
    ctx: click.Context,
    *,
    grades: Path,
    target: str,
    out: Path | None,
    template: Path | None,
    assignment: str | None,
    lesson: str | None,
    checks: bool,
    submissions: Path | None,
) -> None:
    """Write results for another system.

    GRADES is the output folder of `grader grade`. Gradebooks are filled in: only one column
    changes. Exits with 1 when somebody is in no row of the gradebook; everyone else's marks are
    written all the same.

    Example: grader export grades/ --to canvas --template gradebook.csv --out upload.csv
    """
    from grader.files import make_folder, write_whole
    from grader.grading.output_folder import read_results

    _refuse_idle(
        target,
        {"--checks": checks, "--assignment": assignment, "--template": template,
         "--submissions": submissions},
    )  # fmt: skip
    course = load_course(ctx)
    report = read_results(grades)
    if lesson is not None:
        report = _of_lesson(report, lesson)
    if target == "gradescope":
        if out is None:
            raise click.UsageError("--to gradescope writes a file for each student: name --out DIR")
        make_folder(out)
        for name, text in _for_gradescope(report, course):
            write_whole(out / name, [text])
        click.echo(f"{len(report.students)} files in {out}", err=True)
        return
    filled = None
    if target in _TEMPLATE:
        if template is None:
            raise click.UsageError(f"--to {target} needs --template: {_TEMPLATE[target]}")
        filled = _fill(target, template, report, assignment, submissions)
        text = filled.sheet.render()
    else:
        lessons = (lesson,) if lesson else course.lesson_ids
        text = _render(target, report, lessons, checks=checks)
    if out is None:
        click.echo(text, nl=False)
    else:
        write_whole(out, [text])
        click.echo(f"wrote {out}", err=True)
    if filled is not None:
        _tell(filled)


def _refuse_idle(target: str, given: Mapping[str, object]) -> None:
    """Refuse an option that says nothing of this format, rather than pass over it."""
    for option, formats in _FORMATS_OF.items():
        if given[option] and target not in formats:
            raise click.UsageError(f"{option} goes with --to {' or '.join(formats)} alone.")


def _of_lesson(report: Report, lesson: str) -> Report:
    """The report as if the course had this lesson alone."""
    students = tuple(
        replace(student, lessons=tuple(it for it in student.lessons if it.lesson == lesson))
        for student in report.students
    )
    if not all(student.lessons for student in students):
        raise GraderError(
            f"the results hold nothing of {lesson}; grade again, with the course as it is now"
        )
    return replace(report, students=students)


def _render(target: str, report: Report, lessons: tuple[str, ...], *, checks: bool) -> str:
    from grader.reports import csv, json, junit, markdown

    if target == "csv":
        return csv.render_checks(report) if checks else csv.render(report, lessons)
    if target == "json":
        return "".join(json.render(report))
    return junit.render(report) if target == "junit" else markdown.render(report, lessons)


def _fill(
    target: str,
    template: Path,
    report: Report,
    assignment: str | None,
    submissions: Path | None,
) -> Filled:
    from grader.exchange.csv_files import read_sheet
    from grader.exchange.gradebooks import fill_canvas, fill_moodle
    from grader.submissions.collected_file import Collected, load_collected

    sheet = read_sheet(template)
    collected = load_collected(submissions) if submissions else Collected()
    if target == "moodle":
        return fill_moodle(sheet, report, collected)
    return fill_canvas(sheet, report, assignment, collected)


def _for_gradescope(report: Report, course: Course) -> Iterator[tuple[str, str]]:
    """Each student's file: its name and its text, as much of it as students are shown."""
    from grader.reports import gradescope_json
    from grader.reports.filenames import filenames
    from grader.results.feedback import for_student

    note = f"Isolation of the program: {report.isolation}."
    names = filenames((student.student for student in report.students), ".json")
    for student in report.students:
        shown = for_student(student, course.feedback)
        yield names[student.student], gradescope_json.render(shown, note)


def _tell(filled: Filled) -> None:
    for note in filled.notes:
        click.echo(f"Note: {note}", err=True)
    click.echo(f"{filled.count} marks filled in.", err=True)
    if filled.unmatched:
        listed = "\n".join(filled.unmatched)
        raise GraderError(
            f"{len(filled.unmatched)} in no row of the gradebook; everyone else's marks are there. "
            f"Give --submissions, or enter these by hand:\n{listed}"
        )


@click.command()
@click.argument("package", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--isolation",
    type=click.Choice(list(Isolation), case_sensitive=False),
    help="The level to hold there, or nothing is graded. Left out: `full`, or `filtered` where "
    "the container does not allow that.",
)
@click.pass_context
def gradescope(ctx: click.Context, package: Path, isolation: Isolation | None) -> None:
    """Make an autograder package for Gradescope.

    Upload PACKAGE, a .zip, to a programming assignment there: Configure Autograder. It grades one
    submission in the sandbox, and shows the student as much as `feedback:` of course.yaml says.

    Example: grader gradescope autograder.zip
    """
    from grader.authoring.gradescope_package import build_package

    course = load_course(ctx)
    count = build_package(course, package, isolation)
    click.echo(f"wrote {package}: {count} files, for {len(course.lessons)} lessons")
    if isolation is Isolation.PROCESS:
        click.echo(
            "Warning: at the level `process`, a student's program can read the hidden checks and "
            "the solutions that are in the package.",
            err=True,
        )
