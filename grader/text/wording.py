"""Words and figures for what the grader counts: points, sizes, kinds of files, lists."""

from __future__ import annotations

import difflib
import re
import stat
from collections.abc import Iterable, Sequence
from typing import Final

from grader.text import clean

_MAX_LISTED: Final = 5

_KINDS: Final = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def format_points(points: float) -> str:
    """Points without needless digits: ``10``, ``6.5``."""
    return f"{points:.6f}".rstrip("0").rstrip(".")


def take_out_markdown(title: str) -> str:
    """A title without Markdown's signs, for a page or a terminal that would show them.

    Code, emphasis and links become their own text. What only looks like Markdown stays: ``a * b``,
    ``__init__``.
    """
    title = re.sub(r"(`+)(.+?)\1", lambda code: code[2].strip(), title)
    title = re.sub(r"!?\[([^\[\]]*)\]\((?:https?:|mailto:|#|\.{0,2}/)[^()\s]*\)", r"\1", title)
    return re.sub(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*]*[^\s*])\1(?![\w*])", r"\2", title)


def list_some(names: Sequence[str]) -> str:
    """The first few of what may be many: ``a, b, c, d, e and 7 more``."""
    shown = ", ".join(names[:_MAX_LISTED])
    more = len(names) - _MAX_LISTED
    return f"{shown} and {more} more" if more > 0 else shown


def did_you_mean(wanted: str, names: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the known names that are similar, if any."""
    close = difflib.get_close_matches(wanted, dict.fromkeys(names), n=3)
    return f". Did you mean {' or '.join(f'`{clean(name)}`' for name in close)}?" if close else "."


def size_in_words(n_bytes: int) -> str:
    """``1048576`` → ``"1024 KiB"``; a size that is no whole number of KiB is given in bytes."""
    return f"{n_bytes // 1024} KiB" if n_bytes and n_bytes % 1024 == 0 else f"{n_bytes} bytes"


def kind_in_words(mode: int) -> str | None:
    """The kind of a file by its ``st_mode``, such as "a symbolic link"; None for a regular file."""
    return None if stat.S_ISREG(mode) else _KINDS.get(stat.S_IFMT(mode), "not a regular file")
