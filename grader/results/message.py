"""What is said of a check: rows of a label and a text, until a renderer writes them.

::

    called     share(values)    values: (3, 5) float64
    got        shape (3,)
    expected   shape (3, 5)
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

#: What a row may be called, from what was called to what to do next.
LABELS: Final = (
    "called", "with", "got", "at", "means", "beside", "changed", "expected", "why", "look at",
    "looks like", "hint",
)  # fmt: skip

_WIDTH: Final = 11  # characters of the column of labels
_INDENT: Final = " " * _WIDTH
_LABELLED: Final = re.compile(rf"({'|'.join(LABELS)}) +")


class Row(NamedTuple):
    """One thing that is said; its text may have several lines."""

    label: str  # one of LABELS; empty for a plain sentence, which stands alone
    text: str


Rows = tuple[Row, ...]


def sentence(text: str) -> Rows:
    """A plain sentence, without a label."""
    return (Row("", text),)


def write(rows: Iterable[Row]) -> str:
    """The rows as lines: ``got        the number 3``; further lines of a text stand below it."""
    return "\n".join(map(_write, rows))


def read(text: str) -> Rows:
    """The rows of which :func:`write` made this text."""
    rows: list[Row] = []
    for line in text.split("\n"):
        match = _LABELLED.match(line)
        if match and match.end() >= _WIDTH and line[:_WIDTH].rstrip() == match[1]:
            rows.append(Row(match[1], line[_WIDTH:]))
        elif rows and rows[-1].label and line.startswith(_INDENT):
            rows[-1] = Row(rows[-1].label, f"{rows[-1].text}\n{line[_WIDTH:]}")
        elif rows and not rows[-1].label:
            rows[-1] = Row("", f"{rows[-1].text}\n{line}")
        else:
            rows.append(Row("", line))
    return tuple(rows)


def fold(rows: Sequence[Row], width: int) -> list[str]:
    """The rows as lines that are not wider, where words allow it; they go on below the text."""
    return [
        part
        for row in rows
        for line in _write(row).split("\n")
        for part in textwrap.wrap(
            line,
            width,
            subsequent_indent=_INDENT if row.label else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]


def _write(row: Row) -> str:
    if not row.label:
        return row.text
    assert row.label in LABELS, row.label
    return f"{row.label:<{_WIDTH}}" + row.text.replace("\n", "\n" + _INDENT)
