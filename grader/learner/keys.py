"""Reads single keys from a terminal, and restores its settings, whatever happens."""

from __future__ import annotations

import atexit
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, Final, Self

_LOOK_SECONDS: Final = 0.1  # how long the end of the program may wait for the reader
_ENDING: Final = ("SIGTERM", "SIGHUP")
_ESCAPES: Final = re.compile(
    "\x1b(?:[\\[O][0-9;<]*[ -~])?"
)  # arrows and mouse events, which we ignore


class Keys:
    """Reads keys in the background, one by one, without Enter and without an echo.

    Ctrl-C works as always. SIGTERM and SIGHUP end the program by SystemExit, so that the terminal
    is restored; Ctrl-Z gives the terminal back until the program continues.
    """

    def __init__(self, pressed: Callable[[str], None]) -> None:
        """Prepare.

        Args:
            pressed: called for each key, from another thread.
        """
        self._pressed = pressed
        self._closed = threading.Event()
        self._saved: list[Any] | None = None  # the terminal's settings
        self._handlers: dict[int, Any] = {}
        self._reader = threading.Thread(target=self._read, daemon=True)

    @property
    def there_are_any(self) -> bool:
        """Whether somebody can press keys: whether standard input is a terminal."""
        return sys.stdin is not None and sys.stdin.isatty()

    def __enter__(self) -> Self:
        for name in _ENDING:
            if number := getattr(signal, name, None):
                self._handle(number, _end)
        if self.there_are_any:
            if hasattr(signal, "SIGTSTP"):
                self._handle(signal.SIGTSTP, self._stop)
            atexit.register(self._restore)
            self._take()
            self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._restore()
        atexit.unregister(self._restore)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _handle(self, number: int, handler: Callable[[int, FrameType | None], None]) -> None:
        with suppress(ValueError):  # not the main thread: its owner handles signals
            self._handlers[number] = signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """Ctrl-Z: stop as any program does, and continue later."""
        self._restore()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        signal.signal(number, self._stop)
        self._take()

    # ---- the terminal, on systems with termios and without

    def _take(self) -> None:
        try:
            import termios  # noqa: PLC0415  (not on Windows, which needs no other mode)
        except ImportError:
            return
        with suppress(termios.error):
            self._saved = self._saved or termios.tcgetattr(sys.stdin)
            settings = termios.tcgetattr(sys.stdin)
            settings[3] &= ~(termios.ICANON | termios.ECHO)
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, settings)

    def _restore(self) -> None:
        if self._saved is not None:
            import termios  # noqa: PLC0415

            with suppress(termios.error):  # the terminal is gone
                termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._saved)

    def _read(self) -> None:
        try:
            import msvcrt  # noqa: PLC0415  (of Windows alone)
        except ImportError:
            self._read_descriptor()
            return
        console: Any = msvcrt
        while not self._closed.is_set():
            if console.kbhit():
                self._pressed(console.getwch())
            else:
                time.sleep(_LOOK_SECONDS)

    def _read_descriptor(self) -> None:
        import select  # noqa: PLC0415  (on Windows it knows no terminals)

        descriptor = sys.stdin.fileno()
        while not self._closed.is_set():
            try:
                if not select.select([descriptor], [], [], _LOOK_SECONDS)[0]:
                    continue
                data = os.read(descriptor, 64)
            except (OSError, ValueError):
                data = b""
            if not data:  # the terminal is gone
                self._pressed("q")
                return
            for key in _ESCAPES.sub("", data.decode("utf-8", "ignore")):
                self._pressed(key)


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
