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
    source: Any = cell.get("source", cell.get("input", ""))
    text = "".join(source if isinstance(source, list) else [source])
    place = _mapping(metadata.get("grader"))
    if cell.get("cell_type") == "code" or (is_answer and mark.get("cell_type") == "code"):
        return text
    return _assignment(place.get("dict"), place.get("key"), text)


def _assignment(table: object, key: object, text: str) -> str | None:
    """Code that puts a written answer into a dict; None when it is not said into which."""
    if not (isinstance(table, str) and isinstance(key, str)):
        return None
    if not table.isidentifier() or keyword.iskeyword(table):
        return None
    answer = "" if text.strip() == WRITTEN_STUB else text
    # What JSON writes for a text is also Python, with every odd character escaped.
    return (
        f"globals().setdefault({json.dumps(table)}, {{}})[{json.dumps(key)}] = {json.dumps(answer)}"
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
