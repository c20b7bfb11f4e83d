"""A heat map in a notebook's output: a table with its own colours, or lines of text.

An output has no style sheet, and programs that show it may remove parts of its HTML. So each number
has its own colours, which JupyterLab keeps. Wrong numbers are also bold, because nbconvert removes
all colours.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import zip_longest
from typing import Final

from grader.reports.pages.heat import Cell, HeatMap, HeatMaps

#: The steps in percent of a tone, and the tones, as in the style sheet of the pages.
_MUCH: Final = (0, 7, 14, 21, 28, 35, 41, 47, 53)
_TONES: Final = {"p": (11, 74, 134), "n": (194, 87, 12)}  # above zero blue, below zero orange
_INK: Final = "#1c2530"
_WRONG_INK: Final = "#b3400a"
_SUM: Final = "sum"
_MAP: Final = "text-align: left; vertical-align: top; padding: 0.3em 1.5em 0.3em 0"
_CELL: Final = "text-align: center; padding: 0.3em 0.5em"
_LABEL: Final = f'<td style="{_CELL}">{_SUM}</td>'


def as_html(maps: HeatMaps) -> str:
    """The maps side by side, with the sentence on how to read them."""
    tables = "".join(
        f'<td style="{_MAP}"><em>{escape(heat_map.title)}</em>'
        f"<table>{''.join(_rows(heat_map))}</table></td>"
        for heat_map in maps.maps
    )
    words = escape(f"{maps.caption} {maps.legend}".strip())
    return f"<table><tr>{tables}</tr></table><div>{words}</div>"


def as_text(maps: HeatMaps) -> list[str]:
    """The maps as lines of text. Wrong numbers have an asterisk."""
    lines: list[str] = []
    for heat_map in maps.maps:
        lines += [f"{heat_map.title}:", *_lines(heat_map)]
    return [*lines, maps.caption]


def _rows(heat: HeatMap) -> Iterator[str]:
    for row, total in zip_longest(heat.rows, heat.row_sums):
        yield f"<tr>{''.join(map(_cell, row))}{_margin(total) if total else ''}</tr>"
    if heat.column_sums:
        yield f"<tr>{''.join(map(_cell, heat.column_sums))}{_LABEL}</tr>"


def _margin(total: Cell) -> str:
    return f"{_LABEL}{_cell(total)}"


def _cell(cell: Cell) -> str:
    styles = [_CELL]
    if colours := _colours(cell.shade):
        styles.append(colours)
    elif cell.wrong:
        styles.append(f"color: {_WRONG_INK}")
    text = escape(cell.text)
    if cell.wrong:
        text = f"<strong>{text}</strong>"
    return f'<td style="{"; ".join(styles)}">{text}</td>'


def _colours(shade: str) -> str | None:
    """The background and text colours of a step; None for a sum, which has no colour."""
    if shade == _SUM:
        return None
    if shade == "odd":  # no finite number
        return f"background-color: #fdf1e9; color: {_WRONG_INK}"
    share = _MUCH[int(shade[1:])] / 100
    mixed = (round(255 + (tone - 255) * share) for tone in _TONES[shade[0]])
    return f"background-color: #{''.join(f'{part:02x}' for part in mixed)}; color: {_INK}"


def _lines(heat: HeatMap) -> Iterator[str]:
    rows = [[_mark(cell) for cell in row] for row in heat.rows]
    rows += [[_mark(cell) for cell in heat.column_sums]] if heat.column_sums else []
    width = max(len(text) for row in rows for text in row)
    ends = [f"  sum {_mark(total).strip()}" for total in heat.row_sums]
    ends += ["  sum"] if heat.column_sums else []
    for row, end in zip_longest(rows, ends, fillvalue=""):
        yield f"  {' '.join(f'{text:>{width}}' for text in row)}{end}".rstrip()


def _mark(cell: Cell) -> str:
    return f"{cell.text}*" if cell.wrong else f"{cell.text} "
