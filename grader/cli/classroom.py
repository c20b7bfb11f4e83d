"""Commands for classrooms that run on nbgrader."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from grader.classroom.adopted import report
from grader.classroom.config import (
    CONFIG_FILE,
    config_lines,
    config_text,
    find_our_assignments,
    find_own_programs,
    read_config,
)
from grader.cli import load_course
from grader.cli.jupyter_start import leave_out_address_grammar
from grader.cli.options import jobs_option, part_option
from grader.course import Course
from grader.errors import GraderError
from grader.sandbox.levels import Isolation
from grader.text import clean

if TYPE_CHECKING:
    from grader.results.parts import Part


@click.group()
def classroom() -> None:
    """Run the course as an nbgrader classroom.

    nbgrader's own commands and its formgrader work as ever; what students hand in is graded by
    this grader, in its sandbox. Needs nbgrader: pip install 'self-attention-course[nbgrader]'

    Example: grader classroom init ~/classroom
    """
    if missing := [name for name in ("nbgrader", "jupytext") if find_spec(name) is None]:
        raise GraderError(
            f"{' and '.join(missing)} cannot be found here. Install what classrooms need with "
            "`pip install 'self-attention-course[nbgrader]'`, in the environment of `grader`."
        )
    find_own_programs()
    leave_out_address_grammar()


@classroom.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--assignment", help="The assignment's name. Left out: the part's id, or the course's."
)
@part_option("An assignment with the lessons of this part alone.")
@click.option("--force", is_flag=True, help="Write notebooks anew that differ; keep the old ones.")
@click.pass_context
def init(
    ctx: click.Context, folder: Path, assignment: str | None, part: Part | None, *, force: bool
) -> None:
    """Make a complete nbgrader course directory.

    DIR gets an nbgrader_config.py, and below source/ an assignment with a notebook for each
    lesson: its text, its functions, and a test cell with points for each of them. The hidden
    checks stay where they are.

    In a folder that nbgrader uses already, nbgrader_config.py and all other assignments are left
    alone, and you are told what to add to the former.

    Example: grader classroom init ~/classroom
    """
    from grader.classroom.source_notebooks import make_source_files, put_aside
    from grader.files import write_files
    from grader.grading.check_subjects import list_subjects

    course = load_course(ctx)
    name = assignment or (part.id if part else course.id)
    if not re.fullmatch(r"[A-Za-z0-9]([\w. -]*[\w-])?", name):
        raise GraderError(
            f"nbgrader makes a folder and addresses of the assignment's name: {name!r} must begin "
            "with a letter or digit, hold letters, digits, spaces, `-`, `_` and `.` only, and not "
            "end with a space or dot"
        )
    source = f"source/{name}"
    made = make_source_files(course, list_subjects(course), part)
    files = {f"{source}/{path}": data for path, data in made}
    taken = [path for path in files if _differs(folder / path, files[path])]
    if taken and not force:
        raise GraderError(
            f"already there, and different: {', '.join(taken)}\n"
            "Nothing was written. Write these anew with --force, which keeps the old ones in "
            "another place, or name another assignment with --assignment."
        )
    is_new = not os.path.lexists(folder / CONFIG_FILE)
    config = None if is_new else read_config(folder).OurAssignments
    named = _named_assignments(config, course.root)
    all_named = sorted({*named, *find_our_assignments(folder / "source"), name})
    knows_us = name in named
    if is_new or _is_as_written(folder, course, named):
        files[CONFIG_FILE] = config_text(course.id, course.root, all_named).encode()
        knows_us = True
    try:
        kept = put_aside(folder, taken)
        write_files(folder, files)
    except OSError as error:
        raise GraderError(f"cannot write to {folder}: {error.strerror or error}") from error
    count = len(part.lessons if part else course.lessons)
    written = f"the assignment `{name}` with {count} notebook{'s' * (count != 1)}"
    click.echo(f"{folder}: {f'{CONFIG_FILE} and ' if is_new else ''}{written}.")
    if kept is not None:
        click.echo(f"What was there before is in {kept}.")
    if not knows_us:
        click.echo(
            f"\n{CONFIG_FILE} is yours and stays as it is. Put this at its end, in the place of an "
            "older `use_grader`:\n\n"
            f"{config_lines(course.root, all_named)}\n"
        )
    click.echo(f"Next, in that folder: nbgrader generate_assignment {shlex.quote(name)}")


def _named_assignments(config: Any, course: Path) -> list[str]:
    """The assignments that a configuration names as this course's."""
    if config is None or config.get("course") != str(course):
        return []
    return [str(name) for name in config.get("assignments", ())]


def _is_as_written(folder: Path, course: Course, named: Sequence[str]) -> bool:
    """Whether a configuration is what this command wrote, in this version or an older one."""
    forms = (config_text(course.id, course.root, names) for names in (named, None))
    return any(not _differs(folder / CONFIG_FILE, text.encode()) for text in forms)


def _differs(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() != data
    except FileNotFoundError:
        return False
    except OSError:
        return True


classroom_option = click.option(
    "--classroom",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="The folder with nbgrader_config.py. Left out: where you are.",
)


def _go_to_classroom(folder: Path) -> None:
    """Make a classroom the working directory: its configuration may hold paths that start there."""
    if not (folder / CONFIG_FILE).is_file():
        raise GraderError(
            f"{folder.resolve()} is no classroom: it has no {CONFIG_FILE}. Go to the one that "
            "`grader classroom init` made, or to your own, or name it with --classroom."
        )
    os.chdir(folder)


@classroom.command()
@click.argument("assignment")
@classroom_option
@click.option("--student", default="*", metavar="PATTERN", help="Whose work. Left out: everyone's.")
@click.option("--force", is_flag=True, help="Grade everyone again. Marks given by hand stay.")
@jobs_option
def autograde(assignment: str, folder: Path, *, student: str, force: bool, jobs: int) -> None:
    """Grade all that was collected for an assignment, on all cores.

    Makes the same notebooks in autograded/ and the same rows in the gradebook as `nbgrader
    autograde`, many times as fast. Marks given by hand stay. If somebody cannot be graded, the
    others are, and the exit code is 1.

    Example: grader classroom autograde self-attention
    """
    _go_to_classroom(folder)
    from rich.console import Console

    from grader.classroom import marks_table
    from grader.classroom.bulk_autograde import BulkAutograde
    from grader.classroom.classroom_grader import ClassroomGrader
    from grader.cli.screen import progress_bar
    from grader.grading.batches import count_batches

    bulk = BulkAutograde(Path.cwd(), assignment, students=student, force=force)
    count = len(bulk.students())
    jobs = min(jobs, count_batches(count))
    with closing(ClassroomGrader(bulk.course, bulk.wanted, jobs, bulk.adopted)) as grader:
        isolation = grader.choice.isolation
        click.echo(grader.choice, err=isolation is not Isolation.FULL)
        with progress_bar("Grading") as bar:
            task = bar.add_task("", total=count)
            done = bulk.run(grader, lambda count: bar.advance(task, count))
    click.echo(
        f"{len(done.graded)} graded, {len(done.skipped)} graded before and not handed in anew."
        + (" Grade these anew, too, with --force." if done.skipped else "")
    )
    for name, remark in done.remarks:
        click.echo(f"{clean(name)}: {remark}", err=True)
    if done.outdated:
        click.echo(
            f"The course has changed since {len(done.outdated)} of them were graded: "
            f"{', '.join(map(clean, done.outdated))}. Grade them anew with --force.",
            err=True,
        )
    Console().print(marks_table.render(done.marks, done.notebooks))
    if waiting := [mark.student for mark in done.marks if mark.waits]:
        click.echo(
            f"{len(waiting)} wait for a person, marked with ?: {', '.join(map(clean, waiting))}. "
            "Mark them in formgrader, under Manual Grading."
        )
    if done.failed:
        lines = "\n".join(f"{name}: {why}" for name, why in done.failed)
        raise GraderError(f"{len(done.failed)} could not be graded:\n{lines}")


@classroom.command()
@click.argument("assignment")
@classroom_option
@click.option(
    "--dry-run",
    is_flag=True,
    help="Write nothing; compare with the marks in the gradebook, cell by cell.",
)
@click.option("--force", is_flag=True, help="Adopt it again, from its source as it is now.")
@jobs_option
def adopt(assignment: str, folder: Path, *, dry_run: bool, force: bool, jobs: int) -> None:
    """Grade an assignment of your own nbgrader course in the sandbox, on all cores.

    Its notebooks, grade ids, gradebook, formgrader and feedback stay as they are. Each test cell
    becomes a check, which is tried on your solution. The report says for each cell whether it is
    graded *outside* the student's process, where nothing can be forged; *inside* it, since it
    deletes or patches the student's names; or *stays* in nbgrader's kernel. The checks go to
    adopted/ASSIGNMENT, which students must not be able to read.

    With --dry-run, what is in submitted/ is graded as well, and each mark that differs from the
    gradebook's is shown with the reason. Exits with 1 if one does, or if nothing can be adopted.

    Example: grader classroom adopt ps1 --dry-run
    """
    _go_to_classroom(folder)
    from grader.classroom.adoption import adopt as make_checks
    from grader.classroom.adoption import adopt_in_place
    from grader.classroom.nbgrader_internals import open_converter
    from grader.cli.screen import progress_bar

    converter = open_converter(Path.cwd(), assignment)
    with TemporaryDirectory(prefix="grader-adopt-") as scratch, progress_bar("Trying") as bar:
        task = bar.add_task("", total=None)

        def tried(done: int, all_: int) -> None:
            bar.update(task, completed=done, total=all_)

        if dry_run:
            adoption = make_checks(converter.coursedir, assignment, Path(scratch), tried)
        else:
            adoption = adopt_in_place(converter.coursedir, assignment, tried, replace=force)
        bar.stop()
        click.echo("\n".join(report(adoption.assignment)))
        for where, reason in adoption.left_over:
            click.echo(f"{where}: {reason}")
        if adoption.course is None:
            raise GraderError(f"nothing was adopted: nbgrader grades all of `{clean(assignment)}`")
        if dry_run and not _compare(converter, adoption, jobs):
            sys.exit(1)
    if not dry_run:
        _tell_how_to_use(assignment)


def _compare(converter: Any, adoption: Any, jobs: int) -> bool:
    """Show which marks differ from the gradebook's; return whether none does."""
    from grader.classroom.classroom_grader import ClassroomGrader
    from grader.classroom.mark_comparison import compare_marks
    from grader.classroom.preprocessors import GradeInSandbox
    from grader.cli.screen import progress_bar

    wanted = GradeInSandbox(parent=converter.parent).wanted
    grader = ClassroomGrader(adoption.course, wanted, jobs, adoption.assignment)
    with closing(grader), progress_bar("Grading") as bar:
        click.echo(grader.choice, err=grader.choice.isolation is not Isolation.FULL)
        task = bar.add_task("", total=None)
        comparison = compare_marks(converter, grader, lambda count: bar.advance(task, count))
    for difference in comparison.differences:
        where = ", ".join(map(clean, (difference.student, difference.notebook, difference.cell)))
        click.echo(
            f"{where}: {difference.before:g} in the gradebook, {difference.now:g} here; "
            f"{difference.reason}"
        )
    if comparison.unmarked:
        click.echo(f"no marks to compare with: {', '.join(map(clean, comparison.unmarked))}")
    differ = len(comparison.differences)
    click.echo(
        f"{comparison.compared} marks of {comparison.students} students compared: "
        f"{comparison.compared - differ} are the same, {differ} differ."
    )
    return not differ


def _tell_how_to_use(assignment: str) -> None:
    """Show what has to stand in the configuration, if it is not there, and what is next."""
    settings = read_config(Path()).OurAssignments
    adopted = [str(name) for name in settings.get("adopted", ())]
    if assignment not in adopted:
        course = settings.get("course")
        lines = config_lines(
            Path(course) if course else None,
            _named_assignments(settings, Path(course)) if course else None,
            sorted([*adopted, assignment]),
        )
        click.echo(
            f"\n{CONFIG_FILE} is yours and stays as it is. Put this at its end, in the place of an "
            f"older `use_grader`:\n\n{lines}\n"
        )
    click.echo(f"Next: grader classroom autograde {shlex.quote(assignment)}")


@classroom.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--instructor", required=True, metavar="NAME", help="The instructor of the classroom."
)
@click.option("--student", "students", multiple=True, metavar="NAME", help="One of the students.")
@click.option(
    "--password",
    help="Of all accounts, 8 characters or more. Left out: one is made up and shown.",
)
@click.option("--port", type=click.IntRange(1024, 65_000), default=8000, show_default=True)
def hub(
    folder: Path, *, instructor: str, students: tuple[str, ...], password: str | None, port: int
) -> None:
    """Run a JupyterHub on the classroom in DIR, to try it out.

    Each instructor and student that you name gets an account. The exchange, everybody's home and
    the hub's own files are in DIR/hub. It is no place for a real class: all servers run under your
    account, so everybody who logs in can read what you can, hidden checks included.
    docs/classroom.md says what a real class needs.

    Example: grader classroom hub ~/classroom --instructor ida --student ada --student ben
    """
    import secrets
    import socket
    from importlib.resources import files

    if not (folder / CONFIG_FILE).is_file():
        raise GraderError(
            f"{folder.resolve()} is no classroom: it has no {CONFIG_FILE}. Make one with "
            "`grader classroom init`."
        )
    if password is not None and len(password) < 8:
        raise GraderError("a password has 8 characters or more: JupyterHub takes no shorter one")
    if find_spec("jupyterhub") is None:
        raise GraderError("jupyterhub cannot be found here. Install it: pip install jupyterhub")
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise GraderError(
                f"something runs on port {port} already, perhaps this hub: use it, or "
                "name another port with --port."
            )
    settings = {
        "CLASSROOM": str(folder.resolve()),
        "CLASSROOM_INSTRUCTOR": instructor,
        "CLASSROOM_STUDENTS": " ".join(students),
        "CLASSROOM_PASSWORD": password or secrets.token_urlsafe(9),
        "CLASSROOM_PORT": str(port),
    }
    config = str(files("grader.classroom").joinpath("jupyterhub_config.py"))
    click.echo(
        f"http://127.0.0.1:{port}  password: {settings['CLASSROOM_PASSWORD']}\n"
        f"Configuration: {config}"
    )
    click.echo(
        "For trying things out, not for a class: all servers run under your account, so whoever "
        "logs in can read and change what you can, the hidden checks and the gradebook included.",
        err=True,
    )
    (folder / "hub").mkdir(exist_ok=True)
    os.chdir(folder / "hub")
    os.execve(  # noqa: S606  (no shell; JupyterHub takes this command's place, and its signals)
        sys.executable,
        [sys.executable, "-m", "jupyterhub", "--config", config],
        {**os.environ, **settings},
    )
