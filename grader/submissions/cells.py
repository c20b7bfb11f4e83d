"""Which cells of a notebook are a student's program, and what they say.

Besides code, a program may hold answers in words: a Markdown cell whose metadata say where it
belongs (``{"grader": {"dict": "ANSWERS", "key": "why"}}``) reads like ``ANSWERS["why"] = "…"``.
Metadata are the student's to change; whatever they say, it is the student's own program that
changes.
"""

from __future__ import annotations

import json
import keyword
from collections.abc import Mapping
from typing import Any, Final

#: What stands in a cell for a written answer before the student writes there.
WRITTEN_STUB: Final = "*Your answer here.*"

#: Put on a cell that is for the notebook alone, such as one that sets up its checks.
NOT_GRADED: Final = "not-graded"


def program_of(cell: Mapping[str, Any]) -> str | None:
    """What a cell contributes to the program; None when nothing.

    A cell with checks contributes nothing: the grader has its own. A code cell that nbgrader
    knows as an answer stays one, whatever type the student gave it.

    Raises:
        TypeError: the source is not text.
    """
    metadata = _mapping(cell.get("metadata"))
    mark = _mapping(metadata.get("nbgrader"))
    is_answer = mark.get("solution") is True
    if mark.get("grade") is True and not is_answer:
        return None
    tags = metadata.get("tags")
    if isinstance(tags, list) and NOT_GRADED in tags:
        return None
    if cell.get("cell_type") == "code" or (is_answer and mark.get("cell_type") == "code"):
        return _text(cell)
    place = _mapping(metadata.get("grader"))
    table, key = place.get("dict"), place.get("key")
    if not (isinstance(table, str) and isinstance(key, str)):
        return None
    if not table.isidentifier() or keyword.iskeyword(table):
        return None
    return _assignment(table, key, _text(cell))


def _assignment(table: str, key: str, text: str) -> str:
    """Code that puts a written answer into a dict."""
    answer = "" if text.strip() == WRITTEN_STUB else text
    # What JSON writes for a text is also Python, with every odd character escaped.
    name, question, words = map(json.dumps, (table, key, answer))
    return f"globals().setdefault({name}, {{}})[{question}] = {words}"


def _text(cell: Mapping[str, Any]) -> str:
    source: Any = cell.get("source", cell.get("input", ""))
    return "".join(source if isinstance(source, list) else [source])


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
