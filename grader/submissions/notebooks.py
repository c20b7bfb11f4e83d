"""Reads notebooks, whoever wrote them: their cells, and the program in these. No other reader."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from grader.errors import IntakeError
from grader.submissions.decoding import check_code
from grader.text.wording import size_in_words

Cell = Mapping[str, Any]

# A notebook carries its outputs, which count for nothing: pictures are long, but single, strings.
# Each value costs up to 100 times its length in memory, so their number has a limit of its own.
MAX_NOTEBOOK_BYTES: Final = 64 * 2**20
_MAX_JSON_VALUES: Final = 1_000_000
_MAX_CELLS: Final = 10_000

_MOST_IDLE: Final = 3  # functions that are named

_DEFINED: Final = re.compile(r"^(?:async )?def (\w{1,100})\(", re.MULTILINE)
#: Cell magics whose cell is written to a file, or run by another program.
_ELSEWHERE: Final = re.compile(
    r"\s{0,100}(%%(?:writefile|file|bash|sh|script|html|markdown|latex|javascript|js|svg|perl|ruby|R)\b)"
)

#: What stands in a cell for a written answer before the student writes there.
WRITTEN_STUB: Final = "*Your answer here.*"

#: Put on a cell that is for the notebook alone, such as one that sets up its checks.
NOT_GRADED: Final = "not-graded"


def decode_notebook(data: bytes, filename: str, cap: int) -> tuple[str, ...]:
    """The code cells of a notebook, with at most `cap` bytes of code in all.

    Raises:
        IntakeError: it is no notebook, or one without code; in words for the student.
    """
    return read_code(read_cells(data, filename), filename, cap)


def read_code(notebook: Iterable[Cell], filename: str, cap: int) -> tuple[str, ...]:
    """The code in a notebook's cells, with at most `cap` bytes in all. Magics stay.

    Raises:
        IntakeError: there is none or too much, or it can be no program; in words for the student.
    """
    cells: list[str] = []
    size = 0
    for source in _codes(notebook, filename):
        where = f"{filename}, code cell {len(cells) + 1},"
        cell = check_code(source, where)
        size += len(cell.encode())
        if size > cap:
            raise IntakeError(f"{filename} holds more than {size_in_words(cap)} of code")
        if len(cells) == _MAX_CELLS:
            raise IntakeError(f"{filename} holds more than {_MAX_CELLS} code cells")
        cells.append(cell)
    if not cells:
        raise IntakeError(f"{filename} holds no code cells")
    return tuple(cells)


def read_cells(data: bytes, filename: str) -> list[Cell]:
    """All cells of a notebook of format 4 or 3, as JSON has them; empty where something else is.

    Raises:
        IntakeError: it is no notebook; in words for the student.
    """
    notebook = read_json(data, filename)
    parts: list[object] = [notebook]
    if "cells" not in notebook and isinstance(notebook.get("worksheets"), list):  # format 3
        parts = notebook["worksheets"]
    read: list[Cell] = []
    for part in parts:
        cells = part.get("cells") if isinstance(part, dict) else None
        if not isinstance(cells, list):
            raise IntakeError(f"{filename} is not a notebook: it has no list of cells")
        read += map(_as_mapping, cells)
    return read


def find_idle_code(notebook: Iterable[Cell], program: Iterable[str]) -> str | None:
    """A sentence on functions in cells that do not run as Python; None if there are none.

    Args:
        notebook: all its cells.
        program: the code in them, as :func:`read_code` gives it.
    """
    running = "\n".join(cell for cell in program if not _ELSEWHERE.match(cell))
    defined = set(_DEFINED.findall(running))
    said = []
    for number, cell in enumerate(notebook, start=1):
        try:
            text = text_of(cell)
        except TypeError:
            continue
        if cell.get("cell_type") == "code" and not (magic := _ELSEWHERE.match(text)):
            continue
        where, way_out = "is text, not code", "make it a code cell"
        if cell.get("cell_type") == "code" and magic:
            where, way_out = f"begins with {magic[1]}", "take that line out"
        idle = [name for name in _DEFINED.findall(text) if name not in defined]
        said += [f"`{name}` stands in cell {number}, which {where}: {way_out}" for name in idle]
    return "; ".join(said[:_MOST_IDLE]) or None


def read_json(data: bytes, filename: str) -> Mapping[str, Any]:
    """What the file of a notebook holds; empty if that is no JSON object.

    Raises:
        IntakeError: it is no JSON that a notebook could be; in words for the student.
    """
    if not data.strip():
        raise IntakeError(f"{filename} is empty; save the notebook and hand it in again")
    if sum(map(data.count, (b",", b"[", b"{"))) > _MAX_JSON_VALUES:
        raise IntakeError(f"{filename} holds too much output; clear all outputs and save it again")
    try:
        return _as_mapping(json.loads(data.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise IntakeError(f"{filename} is not valid UTF-8; save the notebook again") from error
    except json.JSONDecodeError as error:
        raise IntakeError(
            f"{filename} is not a notebook: its JSON breaks in line {error.lineno}; save it again"
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        # A number of thousands of digits, brackets nested thousands deep, or values that do not
        # fit into memory: none of it comes from Jupyter.
        raise IntakeError(f"{filename} is not a notebook: its JSON is far too large") from error


def _codes(cells: Iterable[Cell], filename: str) -> Iterator[str]:
    for number, cell in enumerate(cells, start=1):
        try:
            text = _code_in(cell)
        except TypeError as error:  # something in it is no string
            raise IntakeError(f"{filename}: the source of cell {number} is not text") from error
        if text is not None:
            yield text


def _code_in(cell: Cell) -> str | None:
    """The code that a cell adds to the program; None if it adds none.

    A cell with checks contributes nothing: the grader has its own. A code cell that nbgrader
    knows as an answer stays one, whatever type the student gave it.

    Raises:
        TypeError: the source is not text.
    """
    metadata = _as_mapping(cell.get("metadata"))
    mark = _as_mapping(metadata.get("nbgrader"))
    is_answer = mark.get("solution") is True
    if mark.get("grade") is True and not is_answer:
        return None
    tags = metadata.get("tags")
    if isinstance(tags, list) and NOT_GRADED in tags:
        return None
    if cell.get("cell_type") == "code" or (is_answer and mark.get("cell_type") == "code"):
        return text_of(cell)
    place = _as_mapping(metadata.get("grader"))
    table, key = place.get("dict"), place.get("key")
    if not (isinstance(table, str) and isinstance(key, str)):
        return None
    if not table.isidentifier() or keyword.iskeyword(table):
        return None
    return _assignment(table, key, text_of(cell))


def _assignment(table: str, key: str, text: str) -> str:
    """Code that puts a written answer into a dict."""
    answer = "" if text.strip() == WRITTEN_STUB else text
    # What JSON writes for a text is also Python, with every odd character escaped.
    name, question, words = map(json.dumps, (table, key, answer))
    return f"globals().setdefault({name}, {{}})[{question}] = {words}"


def text_of(cell: Cell) -> str:
    """The source of a cell.

    Raises:
        TypeError: it is not text.
    """
    source: Any = cell.get("source", cell.get("input", ""))
    return "".join(source if isinstance(source, list) else [source])


def _as_mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
