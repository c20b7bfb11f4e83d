"""Decodes the text of a script, and refuses files that cannot be a program."""

from __future__ import annotations

import codecs
import re

from grader.errors import IntakeError
from grader.text import clean

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


# The kinds of files that are called a script and are none, by their first bytes.
_OTHER_KINDS = (
    (b"PK\x03\x04", "a zip archive or a document of a word processor", "unpack it"),
    (b"{\\rtf", "a text of a word processor (RTF)", "save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "a document of a word processor", "save it as plain text"),
    (b"%PDF", "a PDF", "hand in the Python file that it was printed from"),
    (b"<!doctype html", "a web page", "download the file itself, not the page that shows it"),
    (b"<html", "a web page", "download the file itself, not the page that shows it"),
    (b"\x1f\x8b", "a packed archive (gzip)", "unpack it"),
    (b"7z\xbc\xaf", "a packed archive (7z)", "unpack it"),
    (b"Rar!", "a packed archive (RAR)", "unpack it"),
    (b"\x89PNG", "a picture (PNG)", "hand in the Python file itself"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "hand in the Python file itself"),
)


def is_notebook(data: bytes) -> bool:
    """Whether a file holds a notebook, whatever it is called."""
    return data[:200].lstrip().startswith(b"{") and b'"cells"' in data and b'"nbformat"' in data


def decode_script(data: bytes, filename: str) -> str:
    r"""The text of a Python script, its lines ended by ``\n``.

    A byte order mark decides; else a declared encoding (PEP 263), when it is a plain text
    encoding; else UTF-8. Raises IntakeError, in words for the student.
    """
    start = data[:200].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    for mark, kind, advice in _OTHER_KINDS:
        if start.startswith(mark.lower()):
            raise IntakeError(f"{filename} is no Python script but {kind}; {advice}")
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
        if cookie := _COOKIE.match(line):
            declared = cookie[1].decode("ascii")
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
