"""Turns cells with magics and shell lines into plain Python.

A cell that compiles stays as it is. Otherwise the line that does not compile becomes ``pass``, if
it is a magic, a shell line or a request for help, and the cell is compiled again. So a ``%`` inside
a string or an expression is safe. Scripts may have such lines, too, because Jupyter exports them.
"""

from __future__ import annotations

import re
import types
from functools import lru_cache
from typing import Final

#: Cell magics whose body is still Python.
_PYTHON_CELL_MAGICS: Final = frozenset({"time", "timeit", "capture", "prun", "python", "python3"})

#: Cells whose code a process keeps: several lessons of a student import the same earlier ones.
_MOST_KEPT: Final = 256

_CELL_MAGIC: Final = re.compile(r"\s*%%(\w+)")
_LINE_MAGIC: Final = re.compile(r"(\s*)(?:[%!?].*|[\w.\[\]'\"]+\?{1,2}\s*)$")
_ASSIGNED_MAGIC: Final = re.compile(r"(\s*[\w., ]+=\s*)([%!]).*$")


def compile_cell(text: str, filename: str) -> types.CodeType:
    """Compile one cell; see :func:`compile_without_magics`."""
    return compile_without_magics(text, filename)[0]


@lru_cache(maxsize=_MOST_KEPT)
def compile_without_magics(text: str, filename: str) -> tuple[types.CodeType, str]:
    """The code of one cell, and the plain Python that it was compiled from.

    Raises:
        SyntaxError: the cell is not Python, even without its magics.
        ValueError: the cell holds a character that no Python source may hold.
    """
    lines = text.split("\n")
    magic = _CELL_MAGIC.match(text) if "%%" in text else None
    if magic:
        if magic[1] not in _PYTHON_CELL_MAGICS:
            return compile("", filename, "exec", dont_inherit=True), ""
        first = next(number for number, line in enumerate(lines) if line.strip())
        lines[first] = ""
        text = "\n".join(lines)
    while True:
        try:
            return compile(text, filename, "exec", dont_inherit=True), text
        except SyntaxError as error:
            number = (error.lineno or 0) - 1
            replaced = _without_magic(lines[number]) if 0 <= number < len(lines) else None
            if replaced is None or replaced == lines[number]:
                raise
            lines[number] = replaced
            text = "\n".join(lines)


def _without_magic(line: str) -> str | None:
    """The line with ``pass`` in the place of its magic; ``None`` if it has none."""
    if assigned := _ASSIGNED_MAGIC.match(line):
        return assigned[1] + ("[]" if assigned[2] == "!" else "None")  # a shell gives lines
    if magic := _LINE_MAGIC.match(line):
        return magic[1] + "pass"
    return None
