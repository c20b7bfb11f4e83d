"""Makes text that students wrote safe to show.

All such text in a message, a table or a log goes through :func:`clean`.
"""

from __future__ import annotations

import re
import unicodedata

_ELLIPSIS = "…"

# Characters that act on a terminal or on the order of letters instead of being visible: C0 and C1
# controls, Unicode's line separators, changes of the writing direction, invisible markers, and
# surrogates, which cannot be encoded.
_UNSAFE = (
    "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
)
_UNSAFE_ON_ONE_LINE = re.compile(f"[{_UNSAFE}]")
_UNSAFE_ON_MANY_LINES = re.compile(f"(?![\n\t])[{_UNSAFE}]")

# Characters that leave no trace in what is shown, and are of no category of Unicode that says so.
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")

_NUMBER = re.compile(r"\d+(?:[.,_]\d+)*(?:e[+-]?\d+)?", re.IGNORECASE)
_SMALL = 1_000

_SURROGATE = re.compile("[\ud800-\udfff]")


def mask_long_numbers(text: str) -> str:
    """Replace every number with `…`, except small whole ones such as sizes and positions.

    A program that fails on a hidden input can put that input into an exception's text or the name
    of a class. The words and the sizes, which help to understand the failure, stay.
    """
    return _NUMBER.sub(
        lambda match: match[0] if match[0].isdecimal() and int(match[0]) < _SMALL else _ELLIPSIS,
        text,
    )


def clean(text: str, limit: int = 200, *, multiline: bool = False) -> str:
    r"""Text that somebody else wrote, safe to show on a terminal and in a report.

    Characters that act instead of being seen (controls, bidirectional overrides, lone surrogates)
    become visible escapes such as ``\x1b`` and ``\u202e``. ``multiline=True`` keeps newlines and
    tabs. The result has at most `limit` (≥ 1) characters, an ellipsis included, can be encoded
    as UTF-8, and never ends inside an escape. Escaping for HTML or CSV is up to the report.
    """
    # Cut before any other work: the text may be as long as the student liked. Twice the limit,
    # because "\r\n" is about to shrink.
    head = text[: 2 * limit + 2]
    if multiline:
        head = head.replace("\r\n", "\n")
    unsafe = _UNSAFE_ON_MANY_LINES if multiline else _UNSAFE_ON_ONE_LINE
    shown = unsafe.sub(_escape, head)
    if len(shown) <= limit:
        return shown
    kept: list[str] = []
    room = limit - len(_ELLIPSIS)
    for character in head:
        piece = unsafe.sub(_escape, character)
        if len(piece) > room:
            break
        kept.append(piece)
        room -= len(piece)
    return "".join(kept) + _ELLIPSIS


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def make_encodable(text: str) -> str:
    """Replace every lone surrogate (a byte of a file name that is not UTF-8) with U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def clean_name(filename: str) -> str:
    """The name of a file or folder for messages: safe, and on one line."""
    return clean(make_encodable(filename), 80)


def look(name: str) -> str:
    """What a reader sees of a name: names that differ in blanks or invisible characters look alike.

    So do composed and decomposed letters.
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", name))
    seen = (
        " " if character.isspace() else character
        for character in text
        if unicodedata.category(character) != "Cf"
    )
    return " ".join("".join(seen).split())
