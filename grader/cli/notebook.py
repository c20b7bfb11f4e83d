"""``grader notebook``: scripts become notebooks, and notebooks scripts."""

from __future__ import annotations

import click

from grader.cli import load_course
from grader.cli.check import lesson_argument
from grader.cli.guidance import show_path
from grader.cli.jupyter_start import leave_out_address_grammar
from grader.cli.screen import fold, say
from grader.learner.workbook import Workbook


@click.command()
@lesson_argument
@click.option("--back", is_flag=True, help="Turn the notebook into a script again.")
@click.pass_context
def notebook(ctx: click.Context, lesson: str | None, back: bool) -> None:
    """Turn a lesson into a notebook, or all of them.

    The script moves to .grader/backups/, and the notebook counts from now on. In it, a cell with
    `check("…")` shows the same as `grader check`, and cells can import other lessons.

    Example: grader notebook 2
    """
    leave_out_address_grammar()
    from grader.learner import notebook_conversion

    workbook = Workbook(load_course(ctx))
    submission = workbook.read()
    wanted = workbook.course.lessons if lesson is None else [workbook.course.lesson(lesson)]
    turn = notebook_conversion.to_script if back else notebook_conversion.to_notebook
    old = "notebook" if back else "script"
    for one in wanted:
        if lesson is None and one.id not in submission.lessons:
            continue
        paths = turn(workbook, one, submission.lessons.get(one.id))
        if not paths:
            form = "script" if back else "notebook"
            say(fold(f"{one.id} is a {form} already."))
            continue
        made, *kept = map(show_path, paths)
        say(fold(f"Wrote {made}, which counts from now on. Your {old} moved to {', '.join(kept)}"))
    if not back and lesson is not None:
        say(f"Open it with:\n    jupyter lab {show_path(workbook.file(wanted[0]))}")
        say(f"To have the script again:\n    grader notebook {wanted[0].id} --back")
