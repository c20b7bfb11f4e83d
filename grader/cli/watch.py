"""``grader watch``: checks a lesson whenever it is saved, and obeys single keys."""

from __future__ import annotations

import queue
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import click

from grader.cli import load_course
from grader.cli.guidance import hint_text, next_after, overview, picture, report, reset_lesson
from grader.cli.options import LessonName
from grader.cli.screen import fold, obeys_escapes, say
from grader.errors import GraderError
from grader.learner.progress import first_unfinished
from grader.learner.start import start_checker
from grader.learner.workbook import Workbook
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from grader.course import Lesson
    from grader.learner.checking import Checked, Checker

_CLEAR: Final = "\x1b[H\x1b[2J\x1b[3J"
_KEYS: Final = "n next · h hint · r run again · l list · s show · x reset · q quit"
_WAIT_SECONDS: Final = 0.5  # Windows notices Ctrl-C only between waits


@click.command()
@click.argument("lesson", required=False, type=LessonName())
@click.option("--poll", is_flag=True, help="Look once a second, without file events.")
@click.pass_context
def watch(ctx: click.Context, lesson: str | None, poll: bool) -> None:
    """Check a lesson whenever you save it.

    Leave it running beside your editor. It checks the lesson that you save. Single keys: n next
    lesson, h hint (one step more each time), r run again, l list, s show, x reset, q quit, and a
    number goes to that lesson.

    Example: grader watch
    """
    workbook = Workbook(load_course(ctx))
    with ExitStack() as stack:
        checker = stack.enter_context(start_checker(workbook, ahead=True))
        from grader.learner.keys import Keys
        from grader.learner.save_watcher import SaveWatcher

        first = workbook.choose_lesson(lesson, workbook.read())
        events: queue.Queue[str | list[Lesson]] = queue.Queue()
        keys = stack.enter_context(Keys(events.put))
        stack.enter_context(SaveWatcher(workbook, events.put, events=not poll))
        watching = Watching(workbook, checker, first, keys.there_are_any)
        watching.run()
        while not watching.ended:
            try:
                event = events.get(timeout=_WAIT_SECONDS)
            except queue.Empty:
                continue
            if isinstance(event, str):
                watching.press(event)
            else:
                watching.saved(event)


class Watching:
    """The lesson on the screen, and the effects of the keys."""

    def __init__(self, workbook: Workbook, checker: Checker, lesson: Lesson, keys: bool) -> None:
        self.ended = False
        self._workbook = workbook
        self._checker = checker
        self._lesson = lesson
        self._keys = keys
        self._checked: Checked | None = None
        self._about_to_reset = False

    def saved(self, lessons: list[Lesson]) -> None:
        """Check a saved lesson: the current one if it is among them, else the first."""
        if self._lesson not in lessons:
            self._lesson = lessons[0]
        self.run()

    def run(self) -> None:
        """Check the current lesson, and show the result."""
        self._clear()
        say(f"Checking {self._lesson.id} …")
        submission = Submission("you", {})
        try:
            submission = self._workbook.read()
            self._checked = self._checker.check(self._lesson, submission)
            more = "press h" if self._keys else None
            text = report(self._workbook.course, self._checked, more=more)
        except GraderError as error:  # such as an edited course or a deleted folder: go on
            self._checked, text = None, f"✗ {error}"
        self._clear()
        say(text)
        if self._checked is not None:
            from grader.learner.hint_steps import remember_reported_hint

            remember_reported_hint(self._workbook, self._checked)
            stuck = "Stuck? Press h" if self._keys else None
            if self._checked.done:
                following = self._what_next()
            else:
                following = next_after(
                    self._workbook, self._checked, submission, again=" and save", stuck=stuck
                )
            say(f"\n{following}" if following else "")
        self._show_keys()

    def press(self, key: str) -> None:
        """Do the action of a key; other keys do nothing."""
        reset = self._about_to_reset and key == "x"
        self._about_to_reset = False
        if key in ("q", "\x04"):  # Ctrl-D as well
            self.ended = True
        elif key == "r":
            self.run()
        elif key == "n":
            lessons = self._workbook.course.lessons
            place = lessons.index(self._lesson) + 1
            if place == len(lessons):
                self._say("This is the last lesson.")
            else:
                self._lesson = lessons[place]
                self.run()
        elif key.isdecimal() and 1 <= int(key) <= len(self._workbook.course.lessons):
            self._lesson = self._workbook.course.lessons[int(key) - 1]
            self.run()
        else:
            self._press_other(key, reset=reset)

    def _press_other(self, key: str, *, reset: bool) -> None:
        try:
            if key == "h":
                self._hint()
            elif key == "l":
                self._clear()
                self._say(overview(self._workbook, self._workbook.progress(), self._lesson))
            elif key == "s":
                self._show()
            elif reset:
                self._say(reset_lesson(self._workbook, self._lesson))
            elif key == "x":
                self._about_to_reset = True
                self._say(
                    f"Put {self._lesson.id} back as it was at the start? Yours is kept as a "
                    "backup. Press x again to do it, any other key to leave it."
                )
        except GraderError as error:
            self._say(fold(f"✗ {error}"))

    def _hint(self) -> None:
        if self._checked is None:
            self._checked = self._checker.check(self._lesson, self._workbook.read())
        self._say(hint_text(self._workbook, self._checked, again_with="Still stuck? Press h"))

    def _show(self) -> None:
        from grader.drawing.drawings import Drawing

        drawing = self._checker.draw(self._lesson, self._workbook.read(), None)
        if isinstance(drawing, Drawing):
            self._say(picture(drawing))
        else:
            self._say(fold(f"There is nothing to see yet: {drawing.reason}"))

    def _what_next(self) -> str:
        following = first_unfinished(
            self._workbook.course, self._workbook.progress(), after=self._lesson
        )
        if following is None:
            return "Every lesson is done. Quit with q, and hand in with: grader submit"
        if self._keys:
            return "Well done. Press n for the next lesson."
        return f"Well done. Next: exercises/{following.id}.py"

    def _say(self, text: str) -> None:
        say("\n" + text)
        self._show_keys()

    def _show_keys(self) -> None:
        say(f"\n[{self._lesson.id}] " + (_KEYS if self._keys else "waiting for you to save"))
        sys.stdout.flush()

    def _clear(self) -> None:
        if obeys_escapes():
            click.echo(_CLEAR, nl=False)
