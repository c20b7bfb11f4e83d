"""Text that students wrote: made safe to show, and decoded without surprises; and lines of ours.

Whatever ends up in a message, a table or a log goes through :func:`clean`; whatever is to be
compiled later goes through :func:`decode_script` or :func:`check_code`. What a report says is
laid out with :func:`label` and :func:`folded`.
"""

from __future__ import annotations

import codecs
import json
import re
import stat
import textwrap
from collections.abc import Iterator, Sequence

from grader.errors import IntakeError
from grader.submissions.cells import program_of

# A notebook carries its outputs, which count for nothing: pictures are long, but single, strings.
# Each value costs up to 100 times its length in memory, so their number has a limit of its own.
MAX_NOTEBOOK_BYTES = 64 * 2**20
_MAX_JSON_VALUES = 1_000_000
_MAX_CELLS = 10_000

_ELLIPSIS = "…"
_LABEL_WIDTH = 11
_LABEL = re.compile(r"(?:[a-z]+(?: [a-z]+)?)? +")

# What acts on a terminal or on the order of letters instead of being seen: C0 and C1 controls,
# Unicode's line separators, everything that turns the writing direction, invisible markers,
# and surrogates, which no encoder takes.
_UNSAFE = (
    "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
)
_UNSAFE_ON_ONE_LINE = re.compile(f"[{_UNSAFE}]")
_UNSAFE_ON_MANY_LINES = re.compile(f"(?![\n\t])[{_UNSAFE}]")

_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

_NUMBER = re.compile(r"\d+(?:[.,_]\d+)*(?:e[+-]?\d+)?", re.IGNORECASE)
_SMALL = 1_000

#: What Windows takes for a device, with any ending.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)

_SURROGATE = re.compile("[\ud800-\udfff]")

# Byte order marks, longest first: UTF-32's little-endian mark starts with UTF-16's. "utf-16" and
# "utf-32" read the mark themselves.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# PEP 263: the declaration stands on line 1, or on line 2 when line 1 is blank or a comment.
_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK_OR_COMMENT = re.compile(rb"[ \t\f]*(?:#|$)")
_LINE_END = re.compile(rb"\r\n|\r|\n")

# Declared name, squashed to letters and digits, → codec. An allow-list, because the codec
# registry also holds decompressors (zip, bz2), interpreters of escapes (unicode_escape) and codecs
# of quadratic cost (punycode, idna); a name that is not listed is never looked up.
_CODECS = {
    **dict.fromkeys(("utf8", "u8", "utf8sig"), "utf-8"),
    **dict.fromkeys(("ascii", "usascii"), "ascii"),
    **dict.fromkeys(("latin1", "l1", "iso88591"), "latin-1"),
    **dict.fromkeys(("latin9", "l9", "iso885915"), "iso8859-15"),
    **{f"iso8859{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 16)},
    **{f"cp{n}": f"cp{n}" for n in (437, 850, 932, 936, 949, 950, *range(1250, 1259))},
    **{f"windows{n}": f"cp{n}" for n in range(1250, 1259)},
    **{name: name for name in ("gbk", "gb2312", "gb18030", "big5")},
    **dict.fromkeys(("shiftjis", "sjis"), "shift_jis"),
    "eucjp": "euc-jp",
    "euckr": "euc-kr",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "macroman": "mac-roman",
}


def without_long_numbers(text: str) -> str:
    """Text with `…` for every number but the small whole ones, such as sizes and positions.

    A program that fails on a hidden input can put that input into its own words: an exception's
    text, a class's name. What helps to understand a failure (the words, the sizes) stays.
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


def encodable(text: str) -> str:
    """`text` with every lone surrogate (a byte of a file name that is not UTF-8) as U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def label_of(filename: str) -> str:
    """What messages call a file or folder that somebody else named."""
    return clean(encodable(filename), 80)


def some_of(labels: Sequence[str]) -> str:
    """The first few of what may be many."""
    shown = ", ".join(labels[:5])
    return f"{shown} and {len(labels) - 5} more" if len(labels) > 5 else shown


def is_device_name(filename: str) -> bool:
    """Whether Windows takes a file of this name for a device."""
    return _DEVICES.fullmatch(filename) is not None


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


def size_in_words(n_bytes: int) -> str:
    """``1048576`` → ``"1024 KiB"``; a size that is no whole number of KiB is given in bytes."""
    return f"{n_bytes // 1024} KiB" if n_bytes and n_bytes % 1024 == 0 else f"{n_bytes} bytes"


def kind_in_words(mode: int) -> str | None:
    """What is not a regular file, by its ``st_mode``: "a symbolic link"; None for a regular one."""
    return None if stat.S_ISREG(mode) else _KINDS.get(stat.S_IFMT(mode), "not a regular file")


def why(error: Exception) -> str:
    """The reason of an error in words that follow a colon."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)


def decode_script(data: bytes, filename: str) -> str:
    r"""The text of a Python script, its lines ended by ``\n``.

    A byte order mark decides; else a declared encoding (PEP 263), when it is a plain text
    encoding; else UTF-8. Raises IntakeError, in words for the student.
    """
    codec = next((codec for mark, codec in _MARKS if data.startswith(mark)), None)
    if codec is None:
        codec = _declared_codec(data, filename)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(codec, "ignore").count("\n") + 1
        name = "UTF-8" if codec in ("utf-8", "utf-8-sig") else codec
        byte = f"the byte 0x{data[error.start]:02X}"
        raise IntakeError(
            f"{filename} is not valid {name}: line {line} holds {byte}; save it as UTF-8"
        ) from error
    return check_code(text, filename)


def _declared_codec(data: bytes, filename: str) -> str:
    rest = data
    for _ in range(2):
        # 400 bytes are plenty for a line with a declaration; a file may be a single long line.
        line = _LINE_END.split(rest[:400], maxsplit=1)[0]
        if found := _COOKIE.match(line):
            declared = found[1].decode("ascii")
            # Emacs writes line ends into the name: utf-8-unix.
            plain = re.sub(r"-(unix|dos|mac)$", "", declared.lower())
            codec = _CODECS.get(re.sub(r"[^a-z0-9]", "", plain))
            if codec is None:
                raise IntakeError(
                    f"{filename} declares the encoding {clean(declared, 40)!r}, which is not "
                    "accepted here; remove that line and save it as UTF-8"
                )
            return codec
        end = _LINE_END.search(rest)
        if end is None or not _BLANK_OR_COMMENT.match(line):
            break
        rest = rest[end.end() :]
    return "utf-8"


def check_code(text: str, where: str) -> str:
    r"""`text` with its lines ended by ``\n``; IntakeError when it can be no program at all.

    `where` is the subject of the sentence: a file name, or "code cell 3 of …".
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    position = text.find("\0")
    if position >= 0:
        line = text.count("\n", 0, position) + 1
        raise IntakeError(f"{where} holds a NUL byte in line {line}; save it as plain UTF-8 text")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise IntakeError(
            f"{where} holds half a character (a lone surrogate) in line {line}; type it again"
        ) from error
    return text


def decode_notebook(data: bytes, filename: str, cap: int) -> tuple[str, ...]:
    """The code cells of a notebook of format 4 or 3, with at most `cap` bytes of code in all.

    Raises IntakeError, in words for the student. Magics are left as they are.
    """
    if not data.strip():
        raise IntakeError(f"{filename} is empty; save the notebook and hand it in again")
    if sum(map(data.count, (b",", b"[", b"{"))) > _MAX_JSON_VALUES:
        raise IntakeError(f"{filename} holds too much output; clear all outputs and save it again")
    try:
        content: object = json.loads(data.decode("utf-8-sig"))
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
    cells: list[str] = []
    size = 0
    for source in _code_sources(content, filename):
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


def _code_sources(content: object, filename: str) -> Iterator[str]:
    notebook = content if isinstance(content, dict) else {}
    parts: list[object] = [notebook]
    if "cells" not in notebook and isinstance(notebook.get("worksheets"), list):  # format 3
        parts = notebook["worksheets"]
    for part in parts:
        cells = part.get("cells") if isinstance(part, dict) else None
        if not isinstance(cells, list):
            raise IntakeError(f"{filename} is not a notebook: it has no list of cells")
        for number, cell in enumerate(cells, start=1):
            if not isinstance(cell, dict):
                continue
            try:
                text = program_of(cell)
            except TypeError as error:  # something in it is no string
                raise IntakeError(f"{filename}: the source of cell {number} is not text") from error
            if text is not None:
                yield text
