"""``grader show``: what a student's own functions make of a sentence."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import load_course
from grader.cli.check import lesson_argument
from grader.cli.screen import columns, in_colour, paragraph, say
from grader.learner.start import start_checker
from grader.learner.workbook import Workbook

_MAX_SENTENCE = 400


@click.command()
@lesson_argument
@click.option("--sentence", metavar="TEXT", help="What to draw; the course's own if left out.")
@click.option(
    "--save",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write an image instead: .svg or .png.",
)
@click.pass_context
def show(ctx: click.Context, lesson: str | None, sentence: str | None, save: Path | None) -> None:
    """Draw what your own functions make of a sentence.

    Each word becomes a vector made of its letters (words that share letters are alike; the course
    says which words mean alike), and your functions do the rest.

    Example: grader show 3 --sentence "The cat chased the mouse."
    """
    from grader.errors import GraderError

    course = load_course(ctx)
    workbook = Workbook(course)
    if save is not None and save.suffix.lower() not in (".svg", ".png"):
        raise click.BadParameter("an image ends in .svg or .png", param_hint="--save")
    with start_checker(workbook) as checker:
        from grader.drawing.drawings import Drawing
        from grader.drawing.embeddings import words_of

        words = None
        if sentence is not None:
            words = words_of(sentence[:_MAX_SENTENCE])
            if len(words) < 2:
                raise click.BadParameter("needs two words at least", param_hint="--sentence")
        submission = workbook.read()
        wanted = workbook.choose_lesson(lesson, submission)
        if not wanted.drawing.is_file():
            can = [it.id for it in course.lessons if it.drawing.is_file()]
            others = f" There is one of {', '.join(can)}." if can else ""
            raise GraderError(f"{wanted.id} has no drawing.{others}")
        drawing = checker.draw(wanted, submission, words)
    if not isinstance(drawing, Drawing):
        raise GraderError(f"there is nothing to see yet: {drawing.reason}.")
    from grader.drawing import heatmap

    if save is None:
        lines = heatmap.in_terminal(drawing, colour=in_colour(), columns=columns())
        say("\n".join([paragraph(drawing.title), "", *lines]))
    else:
        heatmap.save(drawing, save)
        say(f"Wrote {save}")
