"""``grader show``: what a student's own functions make of a sentence."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import load_course
from grader.cli.check import lesson_argument
from grader.cli.guidance import picture
from grader.cli.screen import fold, say
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
    help="Write it as an SVG image, which every browser shows.",
)
@click.pass_context
def show(ctx: click.Context, lesson: str | None, sentence: str | None, save: Path | None) -> None:
    """Draw what your own functions make of a sentence.

    The course gives each word a few numbers: what kind of word it is. Your functions do the rest,
    once they pass all checks of the lesson. A word that the course does not know is told.

    Example: grader show 3 --sentence "The cat chased the mouse."
    """
    from grader.errors import GraderError

    course = load_course(ctx)
    workbook = Workbook(course)
    if save is not None and save.suffix.lower() != ".svg":
        raise click.BadParameter("the image is SVG: its name ends in .svg", param_hint="--save")
    with start_checker(workbook) as checker:
        from grader.drawing.drawings import Drawing
        from grader.drawing.words import split_words

        words = None
        if sentence is not None:
            words = split_words(sentence[:_MAX_SENTENCE])
            if len(words) < 2:
                raise click.BadParameter("needs two words at least", param_hint="--sentence")
        submission = workbook.read()
        wanted = workbook.choose_lesson(lesson, submission)
        if not wanted.drawing.is_file():
            drawable = [it.id for it in course.lessons if it.drawing.is_file()]
            others = f" There is one of {', '.join(drawable)}." if drawable else ""
            raise GraderError(f"{wanted.id} has no drawing.{others}")
        drawing = checker.draw(wanted, submission, words)
    if not isinstance(drawing, Drawing):
        raise GraderError(f"there is nothing to see yet: {drawing.reason}")
    if save is None:
        say(picture(drawing, notes=True))
    else:
        from grader.drawing.heatmap import as_svg
        from grader.files import write_whole

        write_whole(save, [as_svg(drawing)])
        say(fold(f"Wrote {save}"))
