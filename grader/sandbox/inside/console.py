"""What a program is given to read, and what it prints, while a check asks about it."""

from __future__ import annotations

import builtins
import io
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

MOST_PRINTED: Final = 2**20  # bytes of each stream that are kept


class Console:
    """Stands for the keyboard and the screen from :meth:`open` to :meth:`close`."""

    def __init__(self) -> None:
        """Leave everything as it is."""
        self._before: tuple[Any, ...] | None = None
        self._printed = _Printed(), _Printed()

    def open(self, stdin: str | None = "", ask: Callable[..., Any] | None = None) -> None:
        """Give the program this to read, and keep what it prints.

        Args:
            stdin: the lines that are typed; None leaves the keyboard as it is.
            ask: stands for the function ``input``.
        """
        if self._before is None:
            self._before = sys.stdin, sys.stdout, sys.stderr, builtins.input
        self._printed = _Printed(), _Printed()
        sys.stdout, sys.stderr = map(_as_text, self._printed)
        if stdin is not None:
            typed = io.BytesIO(stdin.encode("utf-8", "surrogatepass"))
            sys.stdin = io.TextIOWrapper(typed, "utf-8", "surrogateescape")
        if ask is not None:
            builtins.input = ask

    def close(self) -> list[str]:
        """Put everything back; return what was printed, on both streams, and what was not read."""
        rest = ""
        if self._before is not None:
            with suppress(Exception):  # the program has closed it, or put something there
                rest = str(sys.stdin.read()) if sys.stdin is not self._before[0] else ""
            sys.stdin, sys.stdout, sys.stderr, builtins.input = self._before
            self._before = None
        texts = (stream.kept.decode("utf-8", "backslashreplace") for stream in self._printed)
        return [*texts, rest.encode("utf-8", "backslashreplace").decode()]


class _Printed(io.BufferedIOBase):
    """Keeps the beginning of what is written to it."""

    def __init__(self) -> None:
        self.kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self.kept += piece[: max(MOST_PRINTED - len(self.kept), 0)]
        return len(piece)


def _as_text(printed: Any) -> io.TextIOWrapper:
    return io.TextIOWrapper(printed, "utf-8", "backslashreplace", newline="\n", write_through=True)
