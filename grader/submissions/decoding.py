"""The program in what was handed in: bytes of a script or a notebook, decoded without surprises."""

from __future__ import annotations

import codecs
import json
import keyword
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from grader.errors import IntakeError
from grader.text import clean
from grader.text.wording import size_in_words

# A notebook carries its outputs, which count for nothing: pictures are long, but single, strings.
# Each value costs up to 100 times its length in memory, so their number has a limit of its own.
MAX_NOTEBOOK_BYTES = 64 * 2**20

_MAX_JSON_VALUES = 1_000_000

_MAX_CELLS = 10_000

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
