"""Commands for classrooms that run on nbgrader."""

from __future__ import annotations

import os
import re
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import click

from grader.cli import load_course
from grader.errors import GraderError
from grader.sandbox.levels import Isolation

_CONFIG = "nbgrader_config.py"


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
    # nbgrader starts `alembic`, and kernels start `python`: those of this environment.
    here = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", "").split(os.pathsep)
    if here not in paths:
        os.environ["PATH"] = os.pathsep.join([here, *paths])


@classroom.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--assignment", help="The assignment's name. Left out: the course's id.")
@click.option("--force", is_flag=True, help="Write files anew that are there and differ.")
@click.pass_context
def init(ctx: click.Context, folder: Path, assignment: str | None, *, force: bool) -> None:
    """Make a complete nbgrader course directory.

    DIR gets an nbgrader_config.py, and below source/ an assignment with a notebook for each
    lesson: its text, its functions, and a test cell with points for each of them. The hidden
    checks stay where they are.

    Example: grader classroom init ~/classroom
    """
    from grader.classroom.config import config_text
    from grader.classroom.notebooks import source_files, write_source
    from grader.outline import outline

    course = load_course(ctx)
    name = assignment or course.id
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", name):
        raise GraderError(
            f"nbgrader makes a folder and addresses of the assignment's name: {name!r} must begin "
            "with a letter or digit and hold letters, digits, `-`, `_` and `.` only"
        )
    source = f"source/{name}"
    texts = {_CONFIG: config_text(course.id, course.root)}
    texts |= {f"{source}/{path}": text for path, text in source_files(course, outline(course))}
    if not force and (taken := [path for path in texts if _differs(folder / path, texts[path])]):
        raise GraderError(
            f"already there, and different: {', '.join(taken)}\n"
            "Nothing was written. Choose another folder, or write these anew with --force."
        )
    try:
        write_source(folder, texts)
    except OSError as error:
        raise GraderError(f"cannot write to {folder}: {error.strerror or error}") from error
    click.echo(
        f"{folder}: {_CONFIG} and the assignment `{name}` with {len(course.lessons)} notebooks.\n"
        f"Next, in that folder: nbgrader generate_assignment {name}"
    )


def _differs(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() != text.encode()
    except FileNotFoundError:
        return False
    except OSError:
        return True


@classroom.command()
@click.argument("assignment")
@click.option(
    "--classroom",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="The folder with nbgrader_config.py. Left out: where you are.",
)
@click.option("--student", default="*", metavar="PATTERN", help="Whose work. Left out: everyone's.")
@click.option("--force", is_flag=True, help="Grade anew what is graded already. Marks stay.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=lambda: os.cpu_count() or 1,
    show_default="all cores",
    help="How many processes grade at once.",
)
def autograde(assignment: str, folder: Path, *, student: str, force: bool, jobs: int) -> None:
    """Grade all that was collected for an assignment, on all cores.

    The same notebooks in autograded/ and the same rows in the gradebook as `nbgrader autograde`
    makes, in a small part of the time. Marks given by hand stay. Exits with 1 when somebody could
    not be graded; the others are.

    Example: grader classroom autograde self-attention
    """
    if not (folder / _CONFIG).is_file():
        raise GraderError(
            f"{folder.resolve()} is no classroom: it has no {_CONFIG}. Go to the one that "
            "`grader classroom init` made, or name it with --classroom."
        )
    os.chdir(folder)  # nbgrader's configuration may hold paths that start here
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from grader.classroom.bulk import BulkAutograde
    from grader.classroom.grading import ClassroomGrader

    lane = BulkAutograde(Path(), assignment, students=student, force=force)
    count = len(lane.students())
    jobs = min(jobs, count)
    console = Console(stderr=True)
    columns = (TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with closing(ClassroomGrader(lane.course, lane.wanted, jobs)) as grader:
        isolation = grader.choice.isolation
        click.echo(grader.choice, err=isolation is not Isolation.FULL)
        with Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        ) as bar:
            task = bar.add_task("", total=count)
            done = lane.run(grader, jobs, lambda count: bar.advance(task, count))
    click.echo(
        f"{len(done.graded)} graded, {len(done.skipped)} graded before and not handed in anew."
        + (" Grade these anew, too, with --force." if done.skipped else "")
    )
    if done.failed:
        lines = "\n".join(f"{name}: {why}" for name, why in done.failed)
        raise GraderError(f"{len(done.failed)} could not be graded:\n{lines}")


@classroom.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True))
@click.option("--instructor", required=True, metavar="NAME", help="Who has the classroom.")
@click.option("--student", "students", multiple=True, metavar="NAME", help="One of the students.")
@click.option("--password", help="For everyone, 8 characters or more. Left out: made up, and told.")
@click.option("--port", type=click.IntRange(1024, 65_000), default=8000, show_default=True)
@click.option("--no-start", is_flag=True, help="Write the configuration, and start nothing.")
def hub(
    folder: Path,
    *,
    instructor: str,
    students: tuple[str, ...],
    password: str | None,
    port: int,
    no_start: bool,
) -> None:
    """Run a JupyterHub on the classroom in DIR, for those who are named.

    Writes DIR/hub with JupyterHub's configuration, an exchange and a home for everyone, and starts
    the hub. For trying things out: all servers run under your account, so whoever logs in can read
    what you can, hidden checks included. docs/classroom.md says what a real class needs.

    Example: grader classroom hub ~/classroom --instructor ida --student ada --student ben
    """
    import secrets

    from grader.classroom.hub import Hub, write_hub

    config = folder / _CONFIG
    if not config.is_file():
        raise GraderError(
            f"{folder.resolve()} is no classroom: it has no {_CONFIG}. Make one with "
            "`grader classroom init`."
        )
    if password is not None and len(password) < 8:
        raise GraderError("a password has 8 characters or more: JupyterHub takes no shorter one")
    names = [instructor, *students]
    if odd := [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_-]*", name)]:
        raise GraderError(
            f"{odd[0]!r} cannot be a user's name here: use small letters, digits, `-` and `_`"
        )
    if len(set(names)) < len(names):
        raise GraderError("two users have one name; give each a name of their own")
    found = find_spec("jupyterhub")
    if found is None:
        raise GraderError("jupyterhub cannot be found here. Install it: pip install jupyterhub")
    given = password or secrets.token_urlsafe(9)
    place = Hub(folder.resolve(), _course_id(config), instructor, students, given, port)
    write_hub(place)
    click.echo(f"http://127.0.0.1:{port}  password: {given}\nConfiguration: {place.config}")
    click.echo(
        "For trying things out, not for a class: all servers run under your account, so whoever "
        "logs in can read and change what you can, the hidden checks and the gradebook included.",
        err=True,
    )
    if no_start:
        return
    os.chdir(place.folder)
    os.execv(  # noqa: S606  (no shell; JupyterHub takes this command's place, and its signals)
        sys.executable, [sys.executable, "-m", "jupyterhub", "--config", str(place.config)]
    )


def _course_id(config: Path) -> str:
    """Nbgrader's name of the course, as its configuration has it."""
    from traitlets.config.loader import PyFileConfigLoader

    loaded = PyFileConfigLoader(config.name, path=str(config.parent.resolve())).load_config()
    return str(loaded.CourseDirectory.course_id)
