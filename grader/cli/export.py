"""``grader export`` and ``grader gradescope``: results and packages for other systems."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.cli import load_course
from grader.cli.options import LessonName, part_option
from grader.errors import GraderError
from grader.exchange.exports import (
    Format,
    fill_gradebook,
    render_for_gradescope,
    render_report,
    with_one_lesson,
    with_one_part,
)
from grader.sandbox.levels import Isolation

if TYPE_CHECKING:
    from grader.exchange.gradebooks import Filled
    from grader.results.parts import Part

_TEMPLATES: Final = {
    Format.CANVAS: "a gradebook exported there (Grades, Export)",
    Format.MOODLE: "a grading worksheet downloaded there (View all submissions, Download grading "
    "worksheet)",
}
#: Options that only some formats have.
_FORMATS_WITH: Final = {
    "--checks": (Format.CSV,),
    "--assignment": (Format.CANVAS,),
    "--template": tuple(_TEMPLATES),
    "--submissions": tuple(_TEMPLATES),
    "--columns": tuple(_TEMPLATES),
}


@click.command()
@click.argument("grades", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--to", "target", type=click.Choice([format_.value for format_ in Format]), required=True
)
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
    help="The points of this lesson alone. Left out: of all lessons together.",
)
@part_option("The points of this part alone, of those who handed in something of it.")
@click.option(
    "--columns",
    multiple=True,
    metavar="WHAT=HEADING,…",
    help="Which column of the gradebook is which, where the command cannot find out: name, "
    "first, last, email, login, id, student-id, grade, maximum.",
)
@click.option("--checks", is_flag=True, help="csv: a row for each check, not for each student.")
@click.option(
    "--submissions",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of `grader collect`, which knows everyone's ids.",
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
    part: Part | None,
    columns: tuple[str, ...],
    checks: bool,
    submissions: Path | None,
) -> None:
    """Write results for another system.

    GRADES is the output folder of `grader grade`. In a gradebook, only one column changes. Exits
    with 1 if the gradebook has no row for a student; the other marks are written all the same.

    Example: grader export grades/ --to canvas --template gradebook.csv --out upload.csv
    """
    from grader.exchange.columns import parse_choices
    from grader.files import make_folder, write_whole
    from grader.grading.output_folder import read_results

    wanted = Format(target)
    _refuse_unused(
        wanted,
        {"--checks": checks, "--assignment": assignment, "--template": template,
         "--submissions": submissions, "--columns": columns},
    )  # fmt: skip
    course = load_course(ctx)
    report = read_results(grades)
    if lesson is not None and part is not None:
        raise click.UsageError("One of --lesson and --part at a time.")
    if lesson is not None:
        report = with_one_lesson(report, lesson)
    if part is not None:
        report = with_one_part(report, part)
    if wanted is Format.GRADESCOPE:
        if out is None:
            raise click.UsageError("--to gradescope writes a file for each student: name --out DIR")
        make_folder(out)
        for name, text in render_for_gradescope(report, course.feedback).items():
            write_whole(out / name, [text])
        click.echo(f"{len(report.students)} files in {out}", err=True)
        return
    filled = None
    if wanted in _TEMPLATES:
        if template is None:
            raise click.UsageError(f"--to {wanted} needs --template: {_TEMPLATES[wanted]}")
        filled = fill_gradebook(
            report,
            wanted,
            template,
            assignment=assignment,
            submissions=submissions,
            columns=parse_choices(columns),
        )
        text = filled.sheet.render()
    else:
        lessons = (lesson,) if lesson else part.lessons if part else course.lesson_ids
        text = render_report(report, wanted, lessons, checks=checks)
    if out is None:
        click.echo(text, nl=False)
    else:
        write_whole(out, [text])
        click.echo(f"wrote {out}", err=True)
    if filled is not None:
        _print_summary(filled)


def _refuse_unused(target: Format, given: Mapping[str, object]) -> None:
    """Refuse an option that this format does not have."""
    for option, formats in _FORMATS_WITH.items():
        if given[option] and target not in formats:
            raise click.UsageError(f"{option} goes with --to {' or '.join(formats)} alone.")


def _print_summary(filled: Filled) -> None:
    for note in filled.notes:
        click.echo(f"Note: {note}", err=True)
    click.echo(f"{filled.count} mark{'s' * (filled.count != 1)} filled in.", err=True)
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
    help="The isolation level there; without it nothing is graded. Left out: `full`, or "
    "`filtered` if the container does not allow that.",
)
@part_option(
    "An assignment of this part alone. Left out: points for all parts of which something is there."
)
@click.pass_context
def gradescope(
    ctx: click.Context, package: Path, isolation: Isolation | None, part: Part | None
) -> None:
    """Make an autograder package for Gradescope.

    Upload PACKAGE, a .zip, to a programming assignment there: Configure Autograder. It grades each
    submission in the sandbox. `feedback:` in course.yaml says how much the student sees.

    Example: grader gradescope autograder.zip
    """
    from grader.authoring.gradescope_package import build_package

    course = load_course(ctx)
    count = build_package(course, package, isolation, part)
    lessons = part.lessons if part else course.lesson_ids
    click.echo(f"wrote {package}: {count} files, for {len(lessons)} lessons")
    if isolation is Isolation.PROCESS:
        click.echo(
            "Warning: at the level `process`, a student's program can read the hidden checks and "
            "the solutions that are in the package.",
            err=True,
        )
