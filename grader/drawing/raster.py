"""A matrix as a PNG image, for whoever cannot use SVG. Numbers and capitals in a font of dots."""

from __future__ import annotations

import struct
import unicodedata
import zlib
from typing import Final

import numpy as np

from grader.drawing.drawings import Drawing, rising

#: Five rows of three dots each, top to bottom; each row is an octal digit.
_GLYPHS: Final = {
    "A": "25755", "B": "65656", "C": "34443", "D": "65556", "E": "74647", "F": "74644",
    "G": "34553", "H": "55755", "I": "72227", "J": "11152", "K": "55655", "L": "44447",
    "M": "57755", "N": "65555", "O": "25552", "P": "65644", "Q": "25563", "R": "65655",
    "S": "34216", "T": "72222", "U": "55557", "V": "55552", "W": "55775", "X": "55255",
    "Y": "55222", "Z": "71247", "0": "75557", "1": "26227", "2": "71747", "3": "71317",
    "4": "55711", "5": "74717", "6": "74757", "7": "71122", "8": "75757", "9": "75717",
    "-": "00700", ".": "00002", "'": "22000", " ": "00000", "+": "02720", "?": "71202",
}  # fmt: skip
_DOT: Final = 2  # pixels
_CELL: Final = 44
_MARGIN: Final = 12
_LINE: Final = 5 * _DOT
_ADVANCE: Final = 4 * _DOT
_MAX_LETTERS: Final = 12


def as_png(drawing: Drawing) -> bytes:
    """The drawing as a PNG file."""
    n = len(drawing.words)
    labels = [_drawn(word, _MAX_LETTERS) for word in drawing.words]
    label = max(text.shape[1] for text in labels) + _MARGIN
    side = label + n * _CELL + _MARGIN
    image = np.full((side, side, 3), 255, np.uint8)  # height, width, colour
    for i, text in enumerate(labels):
        middle = label + i * _CELL + _CELL // 2 - _LINE // 2
        _put(image, text, middle, label - text.shape[1] - 4, 0)
        _put(image, np.rot90(text), label - text.shape[1] - 4, middle, 0)
    for i, (shades, numbers) in enumerate(zip(drawing.shades(), drawing.numbers(), strict=True)):
        for j, (shade, number) in enumerate(zip(shades, numbers, strict=True)):
            top, left = label + i * _CELL, label + j * _CELL
            image[top : top + _CELL, left : left + _CELL] = rising(shade)
            text = _drawn(number, _CELL // _ADVANCE)
            down, right = (_CELL - text.shape[0]) // 2, (_CELL - text.shape[1]) // 2
            _put(image, text, top + down, left + right, 255 if shade > 0.5 else 0)
    return _encoded(image)


def _drawn(text: str, most: int) -> np.ndarray:
    """A text as a grid of pixels, True where there is ink, of so many letters at most.

    Letters lose what is above them, and one may become several: `ß` is drawn as SS.
    """
    bare = unicodedata.normalize("NFKD", text.replace("\u2019", "'")).upper()
    letters = [char for char in bare if not unicodedata.combining(char)]
    letters = letters[:most] or [" "]
    grid = np.zeros((_LINE, _ADVANCE * len(letters)), bool)
    for place, letter in enumerate(letters):
        rows = _GLYPHS.get(letter, _GLYPHS["?"])
        dots = np.array([[int(row) >> bit & 1 for bit in (2, 1, 0)] for row in rows], bool)
        left = place * _ADVANCE
        grid[:, left : left + 3 * _DOT] = dots.repeat(_DOT, axis=0).repeat(_DOT, axis=1)
    return grid


def _put(image: np.ndarray, ink: np.ndarray, top: int, left: int, colour: int) -> None:
    height, width = ink.shape
    image[top : top + height, left : left + width][ink] = colour


def _encoded(image: np.ndarray) -> bytes:
    """Pixels as a file; see the PNG specification, https://www.w3.org/TR/png-3/."""
    height, width, _ = image.shape
    rows = b"".join(b"\0" + row.tobytes() for row in image)  # each opens with its filter: none
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
