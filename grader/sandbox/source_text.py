"""Parts of a student's program as text, found without compiling it on this side."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from grader.sandbox.faults import Place
from grader.sandbox.wire import ProgramText

_MARK: Final = re.compile(r"^# ?%%(.*)$")


def first_cells(cells: Sequence[str], last: int | str, *, notebook: bool) -> list[str] | None:
    """A program up to the end of one of its cells of code; None if it has no such cell.

    Args:
        cells: of a notebook; of a script, all of it. Its cells begin at lines ``# %%``.
        last: the number of the cell, from 1; or a text in it, of which the first cell counts.
        notebook: whether it is one.
    """
    if notebook:
        wanted = _find_cell(cells, last)
        return None if wanted is None else [*cells[: wanted + 1]]
    lines = "\n".join(cells).split("\n")
    marks = {number: mark[1] for number, line in enumerate(lines) if (mark := _MARK.match(line))}
    starts = sorted({0, *marks})
    ends: list[int] = []  # of cells of code
    texts: list[str] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        text = "\n".join(lines[start + (start in marks) : end])
        if text.strip() and "[markdown]" not in marks.get(start, ""):
            ends.append(end)
            texts.append(text)
    wanted = _find_cell(texts, last)
    return None if wanted is None else ["\n".join(lines[: ends[wanted]])]


def _find_cell(cells: Sequence[str], wanted: int | str) -> int | None:
    """The index of the cell with this number, or of the first with this text in it."""
    if isinstance(wanted, int):
        return wanted - 1 if 0 < wanted <= len(cells) else None
    return next((index for index, cell in enumerate(cells) if wanted in cell), None)


def find_source(text: str, name: str) -> str:
    """The text of the last function or class of this name at the top level, decorators included.

    Args:
        text: of the whole program.
        name: of the function or class; "" for the whole text.

    Returns:
        The text without blank lines at its end; "" if there is none of this name.
    """
    if not name:
        return text
    lines = text.split("\n")
    head = re.compile(rf"(async\s+def|def|class)\s+{re.escape(name)}\b")
    starts = [number for number, line in enumerate(lines) if head.match(line)]
    if not starts:
        return ""
    first = last = starts[-1]
    with suppress(tokenize.TokenError, SyntaxError):  # then up to where it can be read
        depth = 0
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines[first:])).readline):
            depth += (token.type == tokenize.INDENT) - (token.type == tokenize.DEDENT)
            if depth == 0 and token.type in {tokenize.DEDENT, tokenize.ENDMARKER}:
                break
            if token.type == tokenize.NEWLINE:
                last = first + token.end[0] - 1
                if depth == 0 and not lines[last].rstrip().endswith(":"):
                    break  # all of it in one line
    while first and lines[first - 1].startswith("@"):
        first -= 1
    return "\n".join(lines[first : last + 1]).rstrip()


def quote_line(place: Place | None, programs: Mapping[str, ProgramText]) -> Place | None:
    """A place that a worker has told, with its line as it was handed in; None if it is not there.

    Args:
        place: its file, or cell of a notebook, and the number of the line; not to be trusted.
        programs: of the student, by lesson.
    """
    quoted = None
    for filename, cells, notebook in programs.values():
        for number, cell in enumerate(cells, start=1):
            lines = cell.split("\n")
            where = f"{filename}, cell {number}" if notebook else filename
            if place and place.filename == where and 0 < place.line <= len(lines):
                quoted = Place(where, place.line, lines[place.line - 1].strip())
    return quoted
