"""Commands that take in what learning platforms give, and give them what they take in."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import load_course
from grader.cli.options import LessonName
from grader.errors import GraderError
from grader.exchange import download_paths
from grader.exchange.download_paths import Platform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from grader.exchange.collection import Collection, Reader


@click.command()
@click.argument("download", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--from",
    "platform",
    type=click.Choice(list(Platform), case_sensitive=False),
    required=True,
    help="Where the download comes from; `folder` has a folder or a .zip for each student.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="The submissions folder. Made if it is not there, added to if it is.",
)
@click.option(
    "--roster",
    "roster_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file of the class: who is who, and who is missing. A Canvas gradebook or a Moodle "
    "grading worksheet is one.",
)
@click.option(
    "--lesson",
    type=LessonName(),
    help="The lesson that all files are for, whatever they are called.",
)
@click.option(
    "--due", metavar="TIME", help="What came later was late (ISO 8601; Gradescope alone)."
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
    lesson: str | None,
    due: str | None,
    dry_run: bool,
) -> None:
    """Sort a bulk download into submissions.

    DOWNLOAD is the .zip that a learning platform gave, or the folder it was unpacked to. Each
    student gets a folder with a file for each lesson; the last attempt counts. Files with almost
    a lesson's name are taken for it, and told. Nothing is overwritten but by a later attempt.
    Exits with 1 when something is left for you to look at.

    Example: grader collect submissions.zip --from canvas --out submissions/
    """
    from rich.console import Console

    from grader.exchange.collection import collect as sort_out
    from grader.exchange.roster import read_roster
    from grader.files import make_folder

    course = load_course(ctx)
    roster = read_roster(roster_file) if roster_file else None
    _refuse_inside(download, out)
    reader = _reader(platform, download, _time(due))
    if not dry_run:
        make_folder(out)
    lessons = course.lesson_ids
    found = sort_out(download, out, reader, lessons, roster=roster, only=lesson, dry_run=dry_run)
    Console().print(_collected_table(found, lessons))
    _tell(found, out, dry_run=dry_run)


def _reader(platform: Platform, download: Path, due: datetime | None) -> Reader:
    """What reads the paths of such a download."""
    if platform is not Platform.GRADESCOPE:
        readers: dict[Platform, Reader] = {
            Platform.CANVAS: download_paths.from_canvas,
            Platform.MOODLE: download_paths.from_moodle,
            Platform.FOLDER: download_paths.from_folder,
        }
        return readers[platform]
    from grader.exchange.downloads import open_download

    with open_download(download, []) as files:
        for file in files:
            if download_paths.is_metadata(file.parts):
                data = file.read(64 * 2**20)
                break
        else:
            raise GraderError(
                f"{download}: holds no {download_paths.METADATA_FILE}, which says whose "
                "submissions these are; use Gradescope's “Export Submissions”, or --from folder"
            )
    metadata = download_paths.parse_metadata(data, download_paths.METADATA_FILE)
    return partial(download_paths.from_gradescope, metadata=metadata, due=due)


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no time; write 2026-11-20T17:00+01:00", param_hint="--due"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _refuse_inside(download: Path, out: Path) -> None:
    """A download in the submissions would be graded, and submissions in it be collected again."""
    outer, inner = download.resolve(), out.resolve()
    if outer == inner or outer in inner.parents or inner in outer.parents:
        raise GraderError(f"{download} and {out} lie in one another; collect into another folder")


def _collected_table(found: Collection, lessons: Sequence[str]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from grader.text import clean_name

    styles = {"refused": "red", "older": "dim", "same": "dim"}
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for name in ("student", *lessons):
        table.add_column(Text(name.replace("_", "_\n")), vertical="bottom")
    rows: dict[str, dict[str, Text]] = {}
    for it in found.taken:
        words = it.outcome + ("?" if it.is_guess else "") + (", late" if it.late else "")
        cell = Text(words, style=styles.get(it.outcome, ""))
        rows.setdefault(it.student, {})[it.lesson] = cell
    for student, row in rows.items():
        table.add_row(
            Text(clean_name(student)), *(row.get(it, Text("-", style="dim")) for it in lessons)
        )
    return table


def _tell(found: Collection, out: Path, *, dry_run: bool) -> None:
    for note in found.notes:
        click.echo(f"Note: {note}", err=True)
    if found.missing:
        click.echo(f"Nothing from {len(found.missing)}: {', '.join(found.missing)}")
    counts = {name: sum(it.outcome == name for it in found.taken) for name in ("new", "replaced")}
    students = len({it.student for it in found.taken})
    click.echo(
        f"{students} student{'s' * (students != 1)}: {counts['new']} new, "
        f"{counts['replaced']} replaced, in {out}." + " Nothing was changed." * dry_run
    )
    if found.refused:
        listed = "\n".join(found.refused)
        raise GraderError(f"{len(found.refused)} to look at.\n{listed}")
