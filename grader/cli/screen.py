"""What the student's commands share: their words on the terminal, and a check that starts early."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from grader.course import Course, Lesson
    from grader.learner.checking import Checked
    from grader.learner.workbook import Progress

_BAR: Final = 20
_WIDEST: Final = 100  # characters of a line of text
_NARROWEST: Final = 40
_MORE: Final = 7  # lines that come after a report: the next step, the keys, the prompt


def say(text: str = "") -> None:
    """Print lines, in the colour of the mark that they open with, as far as the terminal can."""
    from grader.reports.statuses import LOOKS
    from grader.results import Status

    shown = [LOOKS[Status.PASSED], LOOKS[Status.FAILED]] if in_colour() else []
    colours = {look.sign: look.colour for look in shown}
    for line in text.rstrip("\n").split("\n"):
        colour = colours.get(line.lstrip()[:1])
        out = click.style(line, fg=colour) if colour else line
        try:
            click.echo(out)
        except UnicodeEncodeError:  # a console of an old code page
            encoding = sys.stdout.encoding or "ascii"
            click.echo(line.encode(encoding, "replace").decode(encoding))


def columns() -> int:
    """How wide the terminal is."""
    return shutil.get_terminal_size().columns


def obeys_escapes() -> bool:
    """Whether standard output is a terminal that does more than show what it gets."""
    unknown = "dumb" if os.name == "posix" else ""  # Windows' own consoles give no name
    return sys.stdout.isatty() and (os.environ.get("TERM") or unknown) != "dumb"


def in_colour() -> bool:
    """Whether standard output is a terminal that should get colours; see https://no-color.org."""
    return obeys_escapes() and not os.environ.get("NO_COLOR")


def launch_worker(course: Course) -> subprocess.Popen[bytes]:
    """Start a program for the student's code now, while this one still imports what it needs.

    Raises:
        SandboxError: it cannot be started.
    """
    from grader.course import sandbox_limits, sandbox_packages
    from grader.sandbox.interpreter import Packages, launch_spawned_worker

    return launch_spawned_worker(sandbox_limits(course), Packages.find(sandbox_packages(course)))


def bar(share: float, width: int = _BAR) -> str:
    """A progress bar; full only when nothing is missing."""
    filled = min(int(share * width), width)
    return "█" * filled + "░" * (width - filled)


def rows() -> int:
    """How many lines the terminal shows; more than enough where there is none."""
    return shutil.get_terminal_size().lines if sys.stdout.isatty() else sys.maxsize


def report(course: Course, checked: Checked, *, more: str | None = None) -> str:
    """What a check found, with the drawing and what the program printed.

    Args:
        course: the lesson's.
        checked: what was found.
        more: how to get the next step of a hint; by the command if left out.
    """
    from grader.drawing.drawings import Drawing
    from grader.drawing.heatmap import in_terminal
    from grader.reports import lesson_text
    from grader.text import clean

    result = checked.as_shown(course)
    said = lesson_text.render(
        result, hidden_remain=checked.hidden_remain, width=_width_of_text(), more=more
    )
    parts = [said.rstrip()]
    if checked.printed.strip():
        printed = clean(checked.printed.rstrip()[-1500:], 2000, multiline=True)
        parts.append("Your program printed:\n" + "\n".join(f"  {it}" for it in printed.split("\n")))
    if isinstance(checked.drawing, Drawing) and checked.progress[0]:
        lines = in_terminal(checked.drawing, colour=in_colour(), columns=columns())
        height = sum(part.count("\n") + 2 for part in parts)
        if checked.done or height + len(lines) + _MORE <= rows():
            parts.append("\n".join([paragraph(checked.drawing.title), *lines]))
        else:  # it would push what is wrong off the screen
            parts.append(f"Your picture: grader show {result.lesson}")
    if checked.unfinished:
        parts.append(begin_there(checked))
    return "\n\n".join(parts)


def begin_there(checked: Checked) -> str:
    """That an earlier lesson, which this one imports, may be to blame."""
    names = " and ".join(checked.unfinished)
    one = len(checked.unfinished) == 1
    text = f"{checked.lesson.id} imports {names}, which {'does' if one else 'do'} not pass all "
    return (
        f"{paragraph(f'{text}checks yet. Begin there:')}\n    grader check {checked.unfinished[0]}"
    )


def paragraph(text: str, indent: str = "") -> str:
    """Running text, broken at the width of the terminal."""
    return textwrap.fill(
        text,
        _width_of_text(),
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def _width_of_text() -> int:
    return max(min(columns(), _WIDEST), _NARROWEST)


def current(
    course: Course, progress: dict[str, Progress], after: Lesson | None = None
) -> Lesson | None:
    """The first lesson that is not finished; None when all are.

    Args:
        course: whose lessons.
        progress: what is known of them.
        after: one from which to look on; the lessons before it come last.
    """
    start = course.lessons.index(after) + 1 if after else 0
    for lesson in course.lessons[start:] + course.lessons[:start]:
        if lesson.id not in progress or not progress[lesson.id].done:
            return lesson
    return None
