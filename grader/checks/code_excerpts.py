"""Excerpts of a student's code: the lines around the one where something went wrong."""

from __future__ import annotations

import linecache
import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from grader.results import Excerpt
from grader.sandbox.faults import Place, Raised
from grader.sandbox.wire import ProgramText
from grader.text import clean

_BEFORE: Final = 7  # lines shown before the one that raised
_AFTER: Final = 3
MAX_LINES: Final = 30  # of a function; what comes below is not shown
_MAX_WIDTH: Final = 120

_QUOTES: Final = re.compile(r"""\s*[rRuU]?(\"\"\"|''')""")


def find_excerpt(
    error: BaseException,
    function: str | None,
    lesson: str,
    programs: Mapping[str, ProgramText],
) -> Excerpt | None:
    """The lines around an exception; without one, the function that was called.

    Args:
        error: that ended the check or the import.
        function: the name of the function that was called last, if there was one.
        lesson: the lesson that was graded.
        programs: its program and the earlier ones that it may import, by lesson.
    """
    if isinstance(error, Raised):
        return _around(error.place, programs) if error.place else None
    return find_function(function, lesson, programs)


def find_function(
    function: str | None, lesson: str, programs: Mapping[str, ProgramText]
) -> Excerpt | None:
    """A function of a lesson, without its docstring; None if it has none of that name."""
    if function is None:
        return None
    # Searched as text, because student code is compiled only in the sandbox.
    start = re.compile(rf"^(?:async[ \t]+)?def[ \t]+{re.escape(function)}\b", re.MULTILINE)
    for where, text in reversed(list(_texts(programs[lesson]))):  # a later cell redefines
        if beginnings := list(start.finditer(text)):
            line = text.count("\n", 0, beginnings[-1].start()) + 1
            lines = text.split("\n")
            return _excerpt(where, lines, _body(lines, line), line, raised=False)
    return None


def quote_assert(error: BaseException) -> str:
    """Quote the plain assert that failed, if it is in a visible check, which students have."""
    file, text = _failed_assert(error)
    if file is None or file.parent.name != "visible":
        return ""
    return f"the check asks for `{text.removeprefix('assert ')}`"


def is_about_changes(error: BaseException) -> bool:
    """Whether the assert that failed asks if arguments were changed: ``not call.changed``."""
    return ".changed" in _failed_assert(error)[1]


def _failed_assert(error: BaseException) -> tuple[Path | None, str]:
    """The file and the text of the assert that failed; None and "" if it was something else."""
    frame = traceback.extract_tb(error.__traceback__)[-1:]
    if not isinstance(error, AssertionError) or not frame or frame[0].lineno is None:
        return None, ""
    numbers = range(frame[0].lineno, (frame[0].end_lineno or frame[0].lineno) + 1)
    text = " ".join(linecache.getline(frame[0].filename, number).strip() for number in numbers)
    return Path(frame[0].filename), text


def _around(place: Place, programs: Mapping[str, ProgramText]) -> Excerpt | None:
    for program in programs.values():
        for where, text in _texts(program):
            lines = text.split("\n") if where == place.filename else []
            if 0 < place.line <= len(lines):
                first, last = max(1, place.line - _BEFORE), min(len(lines), place.line + _AFTER)
                return _excerpt(where, lines, range(first, last + 1), place.line, raised=True)
    return None


def _texts(program: ProgramText) -> Iterator[tuple[str, str]]:
    """The name of each cell in messages, and its text."""
    filename, cells, notebook = program
    for number, cell in enumerate(cells, start=1):
        yield f"{filename}, cell {number}" if notebook else filename, cell


def _body(lines: list[str], start: int) -> list[int]:
    """The numbers of a function's lines, without its docstring and blank lines at the end."""
    shown = [start]
    quotes = ""
    for number in range(start + 1, len(lines) + 1):
        line = lines[number - 1]
        if quotes:
            quotes = "" if quotes in line else quotes
            continue
        if line.startswith("# %%") or re.match(r"[^\s#)]", line):
            break
        opening = _QUOTES.match(line)
        if opening:
            quotes = "" if opening[1] in line[opening.end() :] else opening[1]
            continue
        shown.append(number)
    while len(shown) > 1 and re.match(r"#|\s*$", lines[shown[-1] - 1]):
        shown.pop()
    return shown[:MAX_LINES]


def _excerpt(
    where: str, lines: list[str], numbers: Sequence[int], marked: int, *, raised: bool
) -> Excerpt:
    numbers = list(numbers)
    while numbers[-1] > marked and not lines[numbers[-1] - 1].strip():
        numbers.pop()
    texts = tuple(
        (number, clean(lines[number - 1].expandtabs(4), _MAX_WIDTH)) for number in numbers
    )
    return Excerpt(clean(where), texts, marked, raised)
