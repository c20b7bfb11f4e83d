"""A matrix as a coloured grid: in a terminal, or as an SVG image."""

from __future__ import annotations

from html import escape  # the one for XML imports a web client
from typing import Final

from grader.drawing.drawings import Drawing

#: Backgrounds from low to high in a terminal of 256 colours, and the first that needs white text.
_BACKGROUNDS: Final = (231, 195, 159, 117, 75, 33, 26, 19, 17)
_WHITE_FROM: Final = 5
_BLACK, _WHITE = 16, 231
_RESET: Final = "\x1b[0m"
_DARKEST: Final = (8, 48, 107)  # red, green, blue in an image
_MAX_LABEL: Final = 10
_WIDEST: Final = 6  # characters of a cell


def in_terminal(drawing: Drawing, *, colour: bool, columns: int = 80) -> list[str]:
    """The drawing as lines of text.

    Args:
        drawing: what to draw.
        colour: whether the terminal shows colours; without them there are only the numbers.
        columns: the width of the terminal in characters. Of a sentence that does not fit, the
            first words are drawn.
    """
    label = min(max(map(len, drawing.words), default=0), _MAX_LABEL)
    room = max(columns - label - 2, 4)
    texts = drawing.numbers()
    needed = max((len(text) for row in texts for text in row), default=1)
    count = len(drawing.words)
    width = min(max(room // max(count, 1), needed + 1), _WIDEST)
    shown = min(count, room // width)
    head = "".join(f"{_cut(word, width - 1):>{width}}" for word in drawing.words[:shown])
    lines = [" " * (label + 1) + head]
    kept = list(zip(drawing.words, drawing.shades(), texts, strict=True))[:shown]
    for word, shades, numbers in kept:
        cells = "".join(
            _cell(f"{text:>{width - 1}} ", _level(shade), colour=colour)
            for shade, text in list(zip(shades, numbers, strict=True))[:shown]
        )
        lines.append(f"{_cut(word, label):>{label}} {cells}")
    if shown < count:
        lines.append(f"({count - shown} more words would not fit: make the terminal wider.)")
    return lines


def as_svg(drawing: Drawing) -> str:
    """The drawing as an SVG image that any browser shows."""
    size, left, top = 44, 110, 110
    n = len(drawing.words)
    width, height = left + n * size + 20, top + n * size + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="14" role="img">',
        f"<title>{escape(drawing.title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for i, word in enumerate(drawing.words):
        middle = size * i + size // 2
        parts.append(
            f'<text x="{left - 8}" y="{top + middle + 5}" text-anchor="end">{escape(word)}</text>'
        )
        x, y = left + middle + 5, top - 8
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
    parts.append(f'<text x="10" y="{height - 16}">{escape(drawing.title)}</text></svg>')
    return "\n".join(parts) + "\n"


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


def _cut(word: str, width: int) -> str:
    return word if len(word) <= width else word[: max(width - 1, 1)] + "…"
