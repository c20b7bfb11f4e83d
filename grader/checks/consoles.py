"""Carries what a check puts in place of keyboard and screen over to the student's side.

``monkeypatch.setattr("builtins.input", …)``, ``mock.patch("sys.stdout")`` and
``contextlib.redirect_stdout`` change this process, where the student's program does not run. So a
call of the student's takes along what was changed, and brings back what was printed.
"""

from __future__ import annotations

import builtins
import io
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final


class Streams:
    """The streams of this process when a check begins, to see which ones it replaces."""

    def __init__(self) -> None:
        self._input = builtins.input
        self._streams = sys.stdin, sys.stdout, sys.stderr

    @property
    def are_replaced(self) -> bool:
        """Whether the check has put something in the place of one of them."""
        return builtins.input is not self._input or any(
            now is not before
            for now, before in zip((sys.stdin, sys.stdout, sys.stderr), self._streams, strict=True)
        )

    def typed(self) -> str | None:
        """What the check lets the program read; None if nothing."""
        return sys.stdin.read() if sys.stdin is not self._streams[0] else None

    def asked(self) -> Callable[..., Any] | None:
        """What stands for `input`; None if nothing does."""
        return None if builtins.input is self._input else builtins.input

    def show(self, out: str, err: str) -> None:
        """Print what the program has printed, where the check looks for it."""
        for text, now, before in zip(
            (out, err), (sys.stdout, sys.stderr), self._streams[1:], strict=True
        ):
            if now is not before:
                now.write(text)

    def put_back(self, rest: str) -> None:
        """Let the next call read what this one has left."""
        with suppress(AttributeError, OSError, ValueError):  # no stream that can be rewritten
            sys.stdin.seek(0)
            sys.stdin.truncate()
            sys.stdin.write(rest)
            sys.stdin.seek(0)


#: What `capsys.readouterr()` gives.
Captured: Final = namedtuple("Captured", "out err")


class CapSys:
    """pytest's fixture `capsys`, for what the student's program prints."""

    def __init__(self) -> None:
        self._out, self._err = io.StringIO(), io.StringIO()

    @contextmanager
    def capturing(self) -> Iterator[CapSys]:
        """In this block, keep what is printed."""
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self._out, self._err
        try:
            yield self
        finally:
            sys.stdout, sys.stderr = before

    def readouterr(self) -> Any:
        """What was printed since the last time, as ``out`` and ``err``."""
        captured = Captured(self._out.getvalue(), self._err.getvalue())
        for stream in (self._out, self._err):
            stream.seek(0)
            stream.truncate()
        return captured
