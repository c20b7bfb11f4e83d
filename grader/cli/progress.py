"""How far a long command is, on the terminal of whoever waits for it."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


def progress_bar(doing: str) -> Progress:
    """A bar on standard error for as long as it is entered; nothing where that is no terminal.

    Args:
        doing: the word before the bar.
    """
    console = Console(stderr=True)
    return Progress(
        TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
