"""``grader submit``: the zip to hand in."""

from __future__ import annotations

import re
from pathlib import Path

import click

from grader.cli import load_course
from grader.cli.guidance import show_path
from grader.cli.screen import fold, say
from grader.learner.start import bring_up_to_date
from grader.learner.workbook import Workbook


@click.command()
@click.argument("name", required=False)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The zip to write. Left out: NAME.zip in this folder.",
)
@click.pass_context
def submit(ctx: click.Context, name: str | None, out: Path | None) -> None:
    """Make the zip that you hand in, and list what is unfinished.

    Says so, too, if the Python that grades is older than yours and cannot read a lesson.

    NAME is your name on the class list. Left out: your user name on this machine.

    Example: grader submit ada
    """
    import getpass

    from grader.errors import GraderError
    from grader.learner.grading_python import warn_of_newer_python
    from grader.learner.submission_zip import write_zip

    course = load_course(ctx)
    workbook = Workbook(course)
    submission = workbook.read()
    if not submission.lessons:
        raise GraderError(
            f"there is nothing to hand in: no lesson is in {show_path(workbook.folder)}. "
            f"Begin with: grader reset {course.lessons[0].id}"
        )
    progress = bring_up_to_date(workbook, submission)
    by_user = name is None and out is None
    if name is None:
        try:
            name = getpass.getuser()
        except (OSError, KeyError, ImportError):  # a user without a name
            name = "submission"
    if not re.fullmatch(r"[^\W_.][^/\\:*?\"<>|\x00-\x1f]*", name):
        raise click.BadParameter(
            "becomes a file's name: use letters, digits and -", param_hint="NAME"
        )
    path = out or Path(f"{name}.zip")
    taken = write_zip(path, workbook, submission)
    unfinished = [
        lesson
        for lesson in course.lessons
        if lesson.id not in progress or not progress[lesson.id].done
    ]
    for lesson in unfinished:
        here = progress.get(lesson.id)
        if here is None:
            say(f"✗ {lesson.id}: not there")
        elif not here.started:
            say(f"✗ {lesson.id}: not started")
        else:
            say(f"✗ {lesson.id}: {here.passed} of {here.checks} checks pass")
        if here is not None and here.refused:
            say("  It imports what is not there when it is graded:")
            say(f"    grader check {lesson.id}")
    if unfinished:
        say(fold("The zip holds them as they are; you may finish them and run this again.") + "\n")
    for warning in warn_of_newer_python(course, submission):
        say(fold(f"✗ {warning}"))
    if by_user:
        say(fold("It has your user name on this machine. For another name: `grader submit NAME`"))
    say(fold(f"Wrote {path}: {', '.join(taken)}.\nHand in this file."))
