"""``grader collect``: a bulk download of a learning platform becomes a folder of submissions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import load_course
from grader.cli.options import LessonName
from grader.errors import GraderError
from grader.exchange.download_paths import Platform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from grader.exchange.candidates import Collection


@click.command()
@click.argument("download", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--from",
    "platform",
    type=click.Choice(list(Platform), case_sensitive=False),
    required=True,
    help="Where the download comes from; `folder`: a folder or a .zip for each student.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="The submissions folder. Made if it does not exist; otherwise files are added.",
)
@click.option(
    "--roster",
    "roster_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file of the class, to find who is who and who is missing: for example a gradebook "
    "of Canvas, a grading worksheet of Moodle in any language, or a roster of GitHub Classroom.",
)
@click.option(
    "--columns",
    multiple=True,
    metavar="WHAT=HEADING,…",
    help="Which column of the roster is which, where the command cannot find out: name, "
    "first, last, email, login, id, student-id, folder.",
)
@click.option(
    "--lesson",
    type=LessonName(),
    help="The lesson that all files are for, whatever their names.",
)
@click.option(
    "--due", metavar="TIME", help="Later submissions are late (ISO 8601; for Gradescope)."
)
@click.option("--dry-run", is_flag=True, help="Show what would happen, and change nothing.")
@click.pass_context
def collect(
    ctx: click.Context,
    *,
    download: Path,
    platform: Platform,
    out: Path,
    roster_file: Path | None,
    columns: tuple[str, ...],
    lesson: str | None,
    due: str | None,
    dry_run: bool,
) -> None:
    """Sort a bulk download into submissions.

    DOWNLOAD is the .zip from a learning platform, or the unpacked folder. Each student gets a
    folder with a file for each lesson; the last attempt counts, and in it the file nearest to the
    top. A file with almost a lesson's name counts for that lesson, and a note says so. Only a later
    attempt replaces a file. Exits with 1 if you have to look at something, such as a sender without
    a lesson, or a name and a number that disagree.

    Example: grader collect submissions.zip --from canvas --out submissions/
    """
    from rich.console import Console

    from grader.exchange.columns import parse_choices
    from grader.exchange.submission_folders import collect as collect_download

    course = load_course(ctx)
    collection = collect_download(
        download,
        out,
        platform,
        course.lesson_ids,
        modules=[path for paths in course.module_paths.values() for path in paths],
        roster_file=roster_file,
        columns=parse_choices(columns),
        only=lesson,
        due=_time(due),
        dry_run=dry_run,
    )
    Console().print(_collected_table(collection, course.lesson_ids))
    _print_summary(collection, out, dry_run=dry_run)


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no time; write 2026-11-20T17:00+01:00", param_hint="--due"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _collected_table(collection: Collection, lessons: Sequence[str]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from grader.text import clean_name

    styles = {"refused": "red", "older": "dim", "same": "dim"}
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for name in ("student", *lessons):
        table.add_column(Text(name.replace("_", "_\n")), vertical="bottom")
    rows: dict[str, dict[str, Text]] = {}
    for taken in collection.taken:
        words = taken.outcome + ("?" if taken.is_guess else "") + (", late" if taken.late else "")
        cell = Text(words, style=styles.get(taken.outcome, ""))
        rows.setdefault(taken.student, {})[taken.lesson] = cell
    for student, row in rows.items():
        table.add_row(
            Text(clean_name(student)),
            *(row.get(lesson, Text("-", style="dim")) for lesson in lessons),
        )
    return table


def _print_summary(collection: Collection, out: Path, *, dry_run: bool) -> None:
    for note in collection.notes:
        click.echo(f"Note: {note}", err=True)
    if collection.missing:
        click.echo(f"Nothing from {len(collection.missing)}: {', '.join(collection.missing)}")
    counts = {
        name: sum(taken.outcome == name for taken in collection.taken)
        for name in ("new", "replaced")
    }
    students = len({taken.student for taken in collection.taken})
    click.echo(
        f"{students} student{'s' * (students != 1)}: {counts['new']} new, "
        f"{counts['replaced']} replaced, in {out}." + " Nothing was changed." * dry_run
    )
    if collection.refused:
        listed = "\n".join(collection.refused)
        raise GraderError(f"{len(collection.refused)} to look at.\n{listed}")
