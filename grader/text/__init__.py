"""Text that students wrote, made safe to show; and lines of ours.

Whatever ends up in a message, a table or a log goes through :func:`clean`. What a report says is
laid out with :func:`label` and :func:`folded`.
"""

from __future__ import annotations

import re
import textwrap

_ELLIPSIS = "…"
_LABEL_WIDTH = 11
_LABEL = re.compile(r"(?:[a-z]+(?: [a-z]+)?)? +")

# Characters that act on a terminal or on the order of letters instead of being visible: C0 and C1
# controls, Unicode's line separators, changes of the writing direction, invisible markers, and
# surrogates, which cannot be encoded.
_UNSAFE = (
    "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
)
_UNSAFE_ON_ONE_LINE = re.compile(f"[{_UNSAFE}]")
_UNSAFE_ON_MANY_LINES = re.compile(f"(?![\n\t])[{_UNSAFE}]")

_NUMBER = re.compile(r"\d+(?:[.,_]\d+)*(?:e[+-]?\d+)?", re.IGNORECASE)
_SMALL = 1_000

_SURROGATE = re.compile("[\ud800-\udfff]")


def mask_long_numbers(text: str) -> str:
    """Replace every number with `…`, except small whole ones such as sizes and positions.

    A program that fails on a hidden input can put that input into an exception's text or the name
    of a class. The words and the sizes, which help to understand the failure, stay.
    """
    return _NUMBER.sub(
        lambda found: found[0] if found[0].isdecimal() and int(found[0]) < _SMALL else _ELLIPSIS,
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
    """The name of a file or folder as messages show it: safe, and on one line."""
    return clean(make_encodable(filename), 80)


#: What the lines of a message may open with, from what was called to what to do next.
LABELS = (
    "called", "with", "got", "at", "means", "beside", "changed", "expected", "why", "look at",
    "looks like", "hint",
)  # fmt: skip


def label(name: str, text: str) -> str:
    """Lines with a name before the first: ``got        the number 3``.

    Args:
        name: one of :data:`LABELS`, so that pages know it.
        text: may have several lines.
    """
    assert name in LABELS, name
    return f"{name:<{_LABEL_WIDTH}}" + text.replace("\n", "\n" + " " * _LABEL_WIDTH)


def folded(line: str, width: int) -> list[str]:
    """A line as several that are not wider, which go on below its text and not below its label."""
    found = _LABEL.match(line)
    indent = _LABEL_WIDTH if found and found.end() == _LABEL_WIDTH else 0
    return textwrap.wrap(
        line,
        width,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
