"""``grader`` alone, and ``grader check``, ``grader hint`` and ``grader reset``."""

from __future__ import annotations

import click

from grader.cli import load_course
from grader.cli.guidance import (
    hint_text,
    next_after,
    next_step,
    overview,
    report,
    reset_lesson,
)
from grader.cli.options import LessonName
from grader.cli.screen import paragraph, say
from grader.learner.progress import first_unfinished
from grader.learner.start import bring_up_to_date, start_checker
from grader.learner.workbook import Workbook

lesson_argument = click.argument("lesson", required=False, type=LessonName())


def show_progress(ctx: click.Context) -> None:
    """Show the lessons with their points, the file to open and the next command."""
    course = load_course(ctx)
    workbook = Workbook(course)
    submission = workbook.read()
    progress = bring_up_to_date(workbook, submission)
    now = first_unfinished(course, progress)
    say(overview(workbook, progress, now))
    if course.released:
        say(paragraph("Hidden checks remain: they run when you hand in."))
    say()
    say(next_step(workbook, now, submission))


@click.command()
@lesson_argument
@click.pass_context
def check(ctx: click.Context, lesson: str | None) -> None:
    """Check a lesson, and say what to do next.

    Without LESSON, checks the first unfinished one. Runs all checks of this copy, and shows one
    failure in full. Exits with 0 if all pass, else with 1.

    Example: grader check 2
    """
    course = load_course(ctx)
    workbook = Workbook(course)
    with start_checker(workbook) as checker:
        submission = workbook.read()
        wanted = workbook.choose_lesson(lesson, submission)
        checked = checker.check(wanted, submission)
    from grader.learner.hint_steps import remember_reported_hint

    say(report(course, checked))
    remember_reported_hint(workbook, checked)
    if following := next_after(workbook, checked, submission):
        say(f"\n{following}")
    if not checked.done:
        ctx.exit(1)


@click.command()
@lesson_argument
@click.option("--again", is_flag=True, help="Start again with the first step.")
@click.pass_context
def hint(ctx: click.Context, lesson: str | None, again: bool) -> None:
    """Give a hint, one step more each time.

    Checks the lesson first, so that the hint fits its current state. The steps are a question,
    then the place to look, then almost the code.

    Example: grader hint 2
    """
    workbook = Workbook(load_course(ctx))
    with start_checker(workbook) as checker:
        submission = workbook.read()
        wanted = workbook.choose_lesson(lesson, submission)
        checked = checker.check(wanted, submission)
    if again:
        workbook.forget_hints(wanted)
    say(hint_text(workbook, checked))


@click.command()
@click.argument("lesson", type=LessonName())
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def reset(ctx: click.Context, lesson: str, yes: bool) -> None:
    """Restore a lesson as it was at the start.

    Your own version is kept in .grader/backups/.

    Example: grader reset 2
    """
    workbook = Workbook(load_course(ctx))
    wanted = workbook.course.lesson(lesson)
    if not yes and workbook.files(wanted):
        click.confirm(f"Put {wanted.id} back as it was? Yours is kept as a backup.", abort=True)
    say(reset_lesson(workbook, wanted))
