"""A real pseudo-terminal for tests: start a program in it, wait for what it shows, press keys."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

PATIENCE = 60.0  # seconds; other people's work may take the machine's time
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A program in a terminal of 100 columns, as its user sees it."""

    def __init__(self, command: Sequence[str], folder: Path, **variables: str) -> None:
        self._ours, theirs = pty.openpty()
        self.before = termios.tcgetattr(theirs)
        self._theirs = theirs
        self.resize(40, 100)
        self.raw = b""  # all that it was sent
        self._seen = ""
        # Variables with a size would count for more than the window's.
        inherited = {key: os.environ[key] for key in os.environ.keys() - {"COLUMNS", "LINES"}}
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs,
            env=inherited | {"TERM": "xterm-256color"} | variables,
            preexec_fn=_take_terminal,  # noqa: PLW1509  (no threads in the child yet)
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self._theirs)

    def wait_for(self, text: str) -> str:
        """Wait until `text` is shown; return everything up to its end."""
        end = time.monotonic() + PATIENCE
        while (place := self._seen.find(text)) < 0:
            left = end - time.monotonic()
            assert left > 0, f"{text!r} did not come; there was:\n{self._seen}"
            if select.select([self._ours], [], [], min(left, 1.0))[0]:
                data = os.read(self._ours, 65536)
                self.raw += data
                raw = data.decode("utf-8", "replace")
                self._seen += _ESCAPES.sub("", raw.replace("\r\n", "\n"))
            elif self.process.poll() is not None:
                raise AssertionError(f"it ended before {text!r}; there was:\n{self._seen}")
        seen, self._seen = self._seen[: place + len(text)], self._seen[place + len(text) :]
        return seen

    def resize(self, rows: int, columns: int) -> None:
        """Change the size of the window; the program gets SIGWINCH."""
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def hang_up(self) -> None:
        """Close the window, or lose the connection."""
        for name in ("_ours", "_theirs"):
            os.close(getattr(self, name))
            setattr(self, name, os.open(os.devnull, os.O_RDONLY))

    def press(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def send_signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def exit_code(self) -> int:
        """Wait until the program has ended; return its exit code."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            if select.select([self._ours], [], [], 0.1)[
                0
            ]:  # otherwise it waits until somebody reads
                self.raw += os.read(self._ours, 65536)
        return self.process.wait(timeout=1)

    def is_as_it_was(self) -> bool:
        """Whether the terminal has its old settings again."""
        return termios.tcgetattr(self._theirs) == self.before

    def takes_single_keys(self) -> bool:
        """Whether keys arrive without Enter."""
        return not termios.tcgetattr(self._theirs)[3] & termios.ICANON


def _take_terminal() -> None:
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def wait_until(happened: Callable[[], bool]) -> None:
    """Look again and again until it has happened."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)
