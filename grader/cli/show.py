"""``grader show``: what a student's own functions make of a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from grader.cli import load_course
from grader.cli.check import lesson_argument
from grader.cli.guidance import picture
from grader.cli.screen import fold, say
from grader.course import Course, Lesson
from grader.learner.start import start_checker
from grader.learner.workbook import Workbook

if TYPE_CHECKING:
    from grader.drawing.drawing_files import NotDrawn

_Made = TypeVar("_Made")
_MAX_SENTENCE: Final = 400
_IMAGE, _PAGE = ".svg", ".html"


@click.command()
@lesson_argument
@click.option("--sentence", metavar="TEXT", help="What to draw; the course's own if left out.")
@click.option(
    "--save",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write an image (me.svg), or a page that you can send to a friend (me.html).",
)
@click.option("--by", metavar="NAME", help="Your name on the page. Left out: the page says “I”.")
@click.pass_context
def show(
    ctx: click.Context, lesson: str | None, sentence: str | None, save: Path | None, by: str | None
) -> None:
    """Draw what your own functions make of a sentence.

    The course gives each word a few numbers: what kind of word it is. Your functions do the rest,
    once they pass all checks of the lesson. Words that the course does not know are named.

    Example: grader show 3 --sentence "The cat chased the mouse."
    """
    course = load_course(ctx)
    workbook = Workbook(course)
    ending = save.suffix.lower() if save is not None else None
    if ending not in (None, _IMAGE, _PAGE):
        raise click.BadParameter(
            f"the name ends in {_IMAGE} for an image, in {_PAGE} for a page", param_hint="--save"
        )
    if by is not None and ending != _PAGE:
        raise click.BadParameter(f"stands on a page: --save me{_PAGE}", param_hint="--by")
    with start_checker(workbook) as checker:
        from grader.drawing.friend_html import as_html
        from grader.drawing.friend_page import MOST_WORDS, has_page
        from grader.drawing.heatmap import as_svg
        from grader.drawing.words import split_words
        from grader.files import write_whole

        words = None
        if sentence is not None:
            words = split_words(sentence[:_MAX_SENTENCE])
            if len(words) < 2:
                raise click.BadParameter("needs two words at least", param_hint="--sentence")
            if ending == _PAGE and len(words) > MOST_WORDS:
                said = f"has {len(words)} words; a page has room for {MOST_WORDS}"
                raise click.BadParameter(said, param_hint="--sentence")
        submission = workbook.read()
        wanted = workbook.choose_lesson(lesson, submission)
        if ending == _PAGE:
            _expect(course, wanted, "page", lambda lesson: has_page(course, lesson))
            page = _drawn(checker.make_friend_page(wanted, submission, words))
            text, notes = as_html(page, by), page.notes
        else:
            _expect(course, wanted, "drawing", lambda lesson: lesson.drawing.is_file())
            drawing = _drawn(checker.draw(wanted, submission, words))
            text = as_svg(drawing) if save else picture(drawing, notes=True)
            notes = ()
    if save is None:
        say(text)
        return
    write_whole(save, [text])
    said = "It is one file: open it in a browser, or send it to a friend."
    say(fold(f"Wrote {save}. {said}" if ending == _PAGE else f"Wrote {save}"))
    for note in notes:
        say(fold(note))


def _expect(course: Course, lesson: Lesson, kind: str, has: Callable[[Lesson], bool]) -> None:
    """Raise GraderError if a lesson does not have it; the message names lessons that do."""
    from grader.errors import GraderError

    if not has(lesson):
        others = ", ".join(other.id for other in course.lessons if has(other))
        there = f" There is one of {others}." if others else ""
        raise GraderError(f"{lesson.id} has no {kind}.{there}")


def _drawn(made: _Made | NotDrawn) -> _Made:
    """What was made; or GraderError with the reason why nothing was."""
    from grader.drawing.drawing_files import NotDrawn
    from grader.errors import GraderError

    if isinstance(made, NotDrawn):
        raise GraderError(f"there is nothing to see yet: {made.reason}")
    return made
