"""The terminal: lines in colour, its size, a bar, running text, the progress of a long command."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from rich.progress import Progress

_BAR: Final = 20
_WIDEST: Final = 100  # characters of a line of text
_NARROWEST: Final = 40
_CODE: Final = re.compile(r"`[^`\n]{1,40}`")
_GLUE: Final = "\0"  # in the place of a blank at which no line is broken


def say(text: str = "") -> None:
    """Print lines; a terminal shows them in the colour of the sign with which they begin."""
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
    """The width of the terminal, in characters."""
    return shutil.get_terminal_size().columns


def errors_are_for_people() -> bool:
    """Whether errors go to a terminal; programs look for whole sentences."""
    return sys.stderr.isatty()


def obeys_escapes() -> bool:
    """Whether standard output is a terminal that obeys escape sequences."""
    unknown = "dumb" if os.name == "posix" else ""  # Windows consoles give no name
    return sys.stdout.isatty() and (os.environ.get("TERM") or unknown) != "dumb"


def in_colour() -> bool:
    """Whether standard output is a terminal that should get colours; see https://no-color.org."""
    return obeys_escapes() and not os.environ.get("NO_COLOR")


def bar(share: float, width: int = _BAR) -> str:
    """A share from 0 to 1 as a bar; it is full only at 1."""
    filled = min(int(share * width), width)
    return "█" * filled + "░" * (width - filled)


def paragraph(text: str, indent: str = "") -> str:
    """Running text, broken between words at the width of the terminal, not inside `code`."""
    return textwrap.fill(
        _CODE.sub(lambda code: code[0].replace(" ", _GLUE), text),
        width_of_text(),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ).replace(_GLUE, " ")


def fold(text: str) -> str:
    """Lines of running text, each broken between words; an indented line stays as it is."""
    lines = text.split("\n")
    return "\n".join(line if line.startswith(" ") else paragraph(line) for line in lines)


def width_of_text() -> int:
    """How wide running text may be, in characters."""
    return max(min(columns(), _WIDEST), _NARROWEST)


def progress_bar(doing: str) -> Progress:
    """A progress bar on standard error; it shows nothing if that is not a terminal.

    Args:
        doing: the word before the bar.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    return Progress(
        TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TimeRemainingColumn(), TextColumn("left"),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
