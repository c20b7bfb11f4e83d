"""Rows of numbers as a coloured grid: in a terminal, or as an SVG image."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from html import escape  # the one for XML imports a web client
from typing import Final

from grader.drawing.drawings import Drawing

#: The backgrounds in a terminal of 256 colours, from low to high; then the first with white text.
_BACKGROUNDS: Final = (231, 195, 159, 117, 75, 33, 26, 19, 17)
_WHITE_FROM: Final = 5
_BLACK, _WHITE = 16, 231
_RESET: Final = "\x1b[0m"
_SVG_LINE: Final = 80  # characters
_SVG_LETTER: Final = 8  # the width of one, in pixels
_DARKEST: Final = (8, 48, 107)  # red, green, blue in an image


def in_terminal(drawing: Drawing, *, colour: bool, columns: int = 80) -> list[str]:
    """The drawing as lines of text.

    Args:
        drawing: what to draw.
        colour: whether the terminal shows colours.
        columns: the width of the terminal in characters. If the words do not fit, their numbers
            stand above the columns. If these do not fit either, only the first words are drawn.
    """
    words, labels, texts = list(drawing.words), list(drawing.labels), drawing.numbers()
    square = labels == words
    heads = words
    if not _fits(labels, heads, texts, columns):
        heads = [str(number) for number, _ in enumerate(words, start=1)]
        if square:
            labels = [f"{number} {word}" for number, word in zip(heads, words, strict=True)]
    shown = len(words)
    while shown > 1 and not _fits(labels, heads[:shown], texts, columns):
        shown -= 1
    kept = shown if square else len(labels)
    label = max(map(len, labels[:kept]), default=0)
    widths = _widths(heads[:shown], texts)
    lines = [" " * label + _line(heads, widths)]
    for name, shades, numbers in list(zip(labels, drawing.shades(), texts, strict=True))[:kept]:
        cells = "".join(
            _cell(f"{text:>{width}} ", _level(shade), colour=colour)
            for shade, text, width in zip(shades, numbers, widths, strict=False)
        )
        lines.append(f"{name:>{label}} {cells}".rstrip())
    if heads != words and not square:
        pairs = zip(heads, words, strict=True)
        legend = ", ".join(f"{number}\u00a0{word}" for number, word in pairs)  # one stays together
        wrapped = textwrap.wrap(legend, max(columns, 20), break_on_hyphens=False)
        lines += [line.replace("\u00a0", " ") for line in wrapped]
    if shown < len(words):
        rest = len(words) - shown
        lines.append(f"({rest} more words would not fit: make the terminal wider.)")
    return lines


def _widths(heads: Sequence[str], texts: Sequence[Sequence[str]]) -> list[int]:
    """The width of each column in characters, without the blank after it."""
    return [max(len(head), *(len(row[place]) for row in texts)) for place, head in enumerate(heads)]


def _fits(
    labels: Sequence[str], heads: Sequence[str], texts: Sequence[Sequence[str]], columns: int
) -> bool:
    widths = _widths(heads, texts)
    return max(map(len, labels), default=0) + sum(widths) + len(widths) <= columns


def _line(heads: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(f" {head:>{width}}" for head, width in zip(heads, widths, strict=False))


def as_svg(drawing: Drawing) -> str:
    """The drawing as an SVG image that any browser shows."""
    size = 44
    left = max(110, 30 + _SVG_LETTER * max(map(len, drawing.labels), default=0))
    longest = _SVG_LETTER * max(map(len, drawing.words), default=0)
    top, right = max(110, 20 + longest * 7 // 8), max(20, longest // 2)  # words lean by 60 degrees
    columns, rows = len(drawing.words), len(drawing.labels)
    said = [*textwrap.wrap(drawing.heading, _SVG_LINE), *textwrap.wrap(drawing.summary, _SVG_LINE)]
    width = max(left + columns * size + right, 7 * max(map(len, said), default=0) + 20)
    height = top + rows * size + 30 + 20 * len(said)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="14" role="img">',
        f"<title>{escape(drawing.heading)}</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for i, label in enumerate(drawing.labels):
        y = top + size * i + size // 2 + 5
        parts.append(f'<text x="{left - 8}" y="{y}" text-anchor="end">{escape(label)}</text>')
    for j, word in enumerate(drawing.words):
        x, y = left + size * j + size // 2 + 5, top - 8
        parts.append(f'<text transform="translate({x} {y}) rotate(-60)">{escape(word)}</text>')
    for i, (shades, numbers) in enumerate(zip(drawing.shades(), drawing.numbers(), strict=True)):
        for j, (shade, number) in enumerate(zip(shades, numbers, strict=True)):
            x, y = left + j * size, top + i * size
            ink = "#fff" if shade > 0.5 else "#000"
            parts.append(
                f'<rect x="{x}" y="{y}" width="{size}" height="{size}" fill="{_hex(shade)}"/>'
                f'<text x="{x + size / 2:g}" y="{y + size / 2 + 4:g}" font-size="12" '
                f'text-anchor="middle" fill="{ink}">{number}</text>'
            )
    for n, line in enumerate(said):
        y = top + rows * size + 30 + 20 * n
        parts.append(f'<text x="10" y="{y}">{escape(line)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _level(shade: float) -> int:
    return min(int(shade * len(_BACKGROUNDS)), len(_BACKGROUNDS) - 1)


def _cell(text: str, level: int, *, colour: bool) -> str:
    if not colour:
        return text
    ink = _WHITE if level >= _WHITE_FROM else _BLACK
    return f"\x1b[48;5;{_BACKGROUNDS[level]};38;5;{ink}m{text}{_RESET}"


def _hex(shade: float) -> str:
    """The colour of a shade from 0 to 1: from white to dark blue."""
    return "#" + "".join(f"{round(255 + (end - 255) * shade):02x}" for end in _DARKEST)
