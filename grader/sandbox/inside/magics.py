"""Notebook cells as plain Python, without magics and shell lines.

A cell that compiles stays as it is. In one that does not, the line that Python complains about
becomes ``pass`` if it is a magic, a shell line or a help request, and Python tries again. So a
``%`` inside a string or an expression is safe.
"""

from __future__ import annotations

import re
import types
from typing import Final

#: Cell magics whose body is still Python.
_PYTHON_CELL_MAGICS: Final = frozenset({"time", "timeit", "capture", "prun", "python", "python3"})

_CELL_MAGIC: Final = re.compile(r"\s*%%(\w+)")
_LINE_MAGIC: Final = re.compile(r"(\s*)(?:[%!?].*|[\w.\[\]'\"]+\?{1,2}\s*)$")
_ASSIGNED_MAGIC: Final = re.compile(r"(\s*[\w., ]+=\s*)([%!]).*$")


def compile_cell(text: str, filename: str, *, notebook: bool) -> types.CodeType:
    """Compile one cell. A script is one cell, compiled as it is.

    Raises:
        SyntaxError: the cell is not Python, even without its magics.
        ValueError: the cell holds a character that no Python source may hold.
    """
    if not notebook:
        return compile(text, filename, "exec", dont_inherit=True)
    lines = text.split("\n")
    magic = _CELL_MAGIC.match(text)
    if magic:
        if magic[1] not in _PYTHON_CELL_MAGICS:
            return compile("", filename, "exec", dont_inherit=True)
        first = next(number for number, line in enumerate(lines) if line.strip())
        lines[first] = ""
    while True:
        try:
            return compile("\n".join(lines), filename, "exec", dont_inherit=True)
        except SyntaxError as error:
            number = (error.lineno or 0) - 1
            replaced = _without_magic(lines[number]) if 0 <= number < len(lines) else None
            if replaced is None or replaced == lines[number]:
                raise
            lines[number] = replaced


def _without_magic(line: str) -> str | None:
    """The line with ``pass`` in the place of its magic; ``None`` if it has none."""
    if assigned := _ASSIGNED_MAGIC.match(line):
        return assigned[1] + ("[]" if assigned[2] == "!" else "None")  # a shell gives lines
    if magic := _LINE_MAGIC.match(line):
        return magic[1] + "pass"
    return None
