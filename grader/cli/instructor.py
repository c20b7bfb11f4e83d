"""Commands for those who grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import click
from click.core import ParameterSource
from rich.console import Console

from grader.cli import load_whole_course
from grader.cli.options import jobs_option, part_option
from grader.cli.screen import progress_bar
from grader.errors import GraderError, IntakeError
from grader.grading.follow_class import follow_class
from grader.grading.grade_class import Graded, Options, Progress, grade_class
from grader.grading.output_folder import FEEDBACK, GRADES, RESULTS
from grader.grading.store import FILENAME
from grader.reports import changes_table, class_table
from grader.reports.pages.class_page import CLASS_PAGE
from grader.results import Report
from grader.results.changes import compare
from grader.sandbox.levels import Isolation, LevelChoice
from grader.signals import Terminated
from grader.text import clean_name
from grader.text.wording import list_some

if TYPE_CHECKING:
    from rich.progress import Progress as ProgressBar

    from grader.course import Course
    from grader.results.parts import Part

_KEPT: Final = "What is graded is kept; the same command goes on where it was."


@click.command()
@click.argument("submissions", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Where results and pages go. Made if it is not there.",
)
@jobs_option
@click.option(
    "--scheduler",
    metavar="ADDRESS|FILE",
    help="Grade on the workers of this Dask scheduler, such as tls://host:8786, and not here.",
)
@click.option(
    "--isolation",
    type=click.Choice(list(Isolation), case_sensitive=False),
    help="How far student code is kept apart: at least this, or nothing is graded. Left out: "
    "`full`, or `filtered` where that cannot be had.",
)
@click.option("--fresh", is_flag=True, help="Grade everything again, also what has not changed.")
@click.option(
    "--pages/--no-pages",
    default=True,
    help="Whether to write report.html and the students' feedback/. Left out: they are written.",
)
@click.option(
    "--follow",
    is_flag=True,
    help="Go on until Ctrl-C: grade what arrives or changes.",
)
@part_option(
    "Results of this part of the course alone, for everyone. Left out: each student's results have "
    "the parts of which something was handed in."
)
@click.pass_context
def grade(
    ctx: click.Context,
    submissions: Path,
    *,
    out: Path,
    jobs: int,
    scheduler: str | None,
    isolation: Isolation | None,
    fresh: bool,
    pages: bool,
    follow: bool,
    part: Part | None,
) -> None:
    """Grade a class.

    SUBMISSIONS holds a folder or an archive for each student, with their lessons anywhere in it; of
    two files for one lesson the one nearer to the top counts. A single student's folder works
    too. Writes to the output folder results.json, grades.csv, report.html (the class as a page)
    and feedback/ (a page for each student), and prints a table. Exits with 0 when everyone was
    graded, whatever the scores, and with 1 when a check could not be graded or you have to look at
    somebody's files.

    What has not changed since the last run into the same folder is not graded again, and a run
    that was stopped goes on where it was. With --follow, it goes on until Ctrl-C, and grades what
    arrives or changes: for the night of a deadline.

    Example: grader grade submissions/ --out grades/
    """
    course = load_whole_course(ctx)
    if scheduler is not None and ctx.get_parameter_source("jobs") is ParameterSource.COMMANDLINE:
        raise click.UsageError(
            "--jobs is for this machine. On a cluster, `dask worker --nthreads` says how many "
            "processes a machine has."
        )
    options = Options(
        jobs=jobs, scheduler=scheduler, isolation=isolation, fresh=fresh, pages=pages, part=part
    )
    progress = _ProgressOnTerminal()
    if follow:
        graded = _follow(course, submissions, out, options, progress)
    else:
        with _explaining_interruption(), progress:
            graded = grade_class(course, submissions, out, options, progress)
        _show(course, graded, out, options)
    _refuse_to_pass_over(graded.report, out, graded.to_look_at)


def _follow(
    course: Course, submissions: Path, out: Path, options: Options, progress: _ProgressOnTerminal
) -> Graded:
    """Grade again and again until Ctrl-C; return the last results."""
    click.echo(f"Following {submissions}; Ctrl-C ends.", err=True)
    last: Graded | None = None
    rounds = follow_class(course, submissions, out, options, progress)
    try:
        while True:
            with progress:
                graded = next(rounds)
            if isinstance(graded, IntakeError):
                click.echo(f"{_clock()}  {graded}", err=True)
            elif last is None:
                _show(course, graded, out, options)
                last = graded
            else:
                _show_changes(last, graded)
                last = graded
    except KeyboardInterrupt as stop:
        if last is None or progress.is_grading or isinstance(stop, Terminated):
            click.echo(_KEPT, err=True)
            raise
        return last
    finally:
        rounds.close()


def _show_changes(before: Graded, after: Graded) -> None:
    """What a round has changed, in a line or two."""
    for note in after.notes:
        if note not in before.notes:
            click.echo(f"Note: {note}", err=True)
    for line in after.to_look_at:
        if line not in before.to_look_at:
            click.echo(f"To look at: {line}", err=True)
    changes = compare(before.report, after.report)
    students = {
        student.student for report in (before.report, after.report) for student in report.students
    }
    click.echo(f"{_clock()}  {changes_table.summary(changes, len(students))}")
    if changes:
        click.echo(f"          {list_some([changes_table.in_words(change) for change in changes])}")


def _clock() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S")


def _show(course: Course, graded: Graded, out: Path, options: Options) -> None:
    """The table of a class, and where the rest is."""
    report = graded.report
    Console().print(class_table.render(report, course.lesson_ids, course.parts))
    for note in graded.notes:
        click.echo(f"Note: {note}", err=True)
    if graded.unchanged:
        students = f"{graded.unchanged} student{'s' * (graded.unchanged != 1)}"
        click.echo(f"{students} unchanged, taken from {out / FILENAME}")
    count = len(report.students)
    written = [RESULTS, GRADES, *([CLASS_PAGE, f"{FEEDBACK}/"] if options.pages else [])]
    click.echo(
        f"{count} student{'s' * (count != 1)}, isolation `{report.isolation}`.\n"
        f"Report: {', '.join(str(out / name) for name in written)}"
    )
    if waiting := report.to_mark:
        answers = f"{waiting} written answer{'s wait' if waiting != 1 else ' waits'}"
        click.echo(
            f"{answers} for a mark and count{'s' * (waiting == 1)} 0 until then: "
            f"grader mark --list --out {out}"
        )


class _ProgressOnTerminal(Progress):
    """Shows the level of isolation and a progress bar, as soon as a student has to be graded."""

    def __init__(self) -> None:
        self.is_grading = False
        self._bar: ProgressBar | None = None
        self._stack = ExitStack()  # the bar is shown until it ends
        self._told: LevelChoice | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()
        self.is_grading = error[0] is not None and self.is_grading

    def begin(self, choice: LevelChoice, students: int) -> None:
        self.is_grading = True
        if choice != self._told:
            click.echo(choice, err=choice.isolation is not Isolation.FULL)
            self._told = choice
        self._bar = self._stack.enter_context(progress_bar("Grading"))
        self._task = self._bar.add_task("", total=students)

    def tell(self, sentence: str) -> None:
        if self._bar is not None:
            self._bar.console.print(sentence, markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(sentence, err=True)

    def advance(self, finished: int) -> None:
        assert self._bar is not None
        self._bar.update(self._task, completed=finished)


@contextmanager
def _explaining_interruption() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        click.echo(_KEPT, err=True)
        raise


def _refuse_to_pass_over(report: Report, out: Path, to_look_at: Sequence[str]) -> None:
    """Name what could not be graded, with everybody and with some alone; then exit with 1."""
    lines: list[str] = []
    if to_look_at:
        lines += [f"{len(to_look_at)} to look at:", *to_look_at]
    if broken := {
        (lesson, result.check, result.message) for _, lesson, result in report.grader_errors
    }:
        lines.append(f"{len(broken)} of our checks broke; no student lost a point for it.")
        lines += [f"{lesson}: {check}: {message}" for lesson, check, message in sorted(broken)]
    if report.undecided:
        count = len({student for student, _, _ in report.undecided})
        lines.append(
            f"With {count} student{'s' * (count != 1)} alone some checks could not be graded; they "
            "are undecided and count 0. Look at the work, then decide: "
            f"grader mark STUDENT LESSON.CHECK POINTS --out {out}"
        )
        # Student, lesson and reason → checks, in order.
        groups: dict[tuple[str, str, str], list[str]] = {}
        for student, lesson, result in report.undecided:
            groups.setdefault((clean_name(student), lesson, result.message or ""), []).append(
                result.check
            )
        lines += [
            f"{student}: {lesson}: {list_some(checks)}: {reason}"
            for (student, lesson, reason), checks in groups.items()
        ]
    if lines:
        raise GraderError("\n".join(lines))
