"""What Ctrl-C and SIGTERM do."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

# What a shell reports for a program that Ctrl-C ended, or `kill`.
INTERRUPTED = 130
TERMINATED = 143

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C. A plain KeyboardInterrupt would not do.

    Once one leaves code that was given to ``exec`` as text (by `dataclasses`, say), ``python -m``
    ends by the signal, though it was caught.
    """


class Terminated(KeyboardInterrupt):
    """SIGTERM: the same to us as Ctrl-C, but for the exit code."""


def end_at_once(number: int, _: object) -> None:
    """End this program, when there is nothing to put away (yet, or any more)."""
    os.write(2, b"Interrupted. Run the same command again.\n")
    os._exit(128 + number)


@contextmanager
def stoppable() -> Iterator[None]:
    """In this block Ctrl-C and SIGTERM raise KeyboardInterrupt once; then they end the program."""
    with _handled_by(_stop):
        yield


@contextmanager
def undisturbed() -> Iterator[None]:
    """In this block Ctrl-C and SIGTERM wait until its end."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    came: list[int] = []

    def take_down(number: int, _: object) -> None:
        came.append(number)

    try:
        with _handled_by(take_down):
            yield
    finally:
        if came:
            signal.raise_signal(came[0])


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler_before in before.items():
            signal.signal(number, handler_before)


def _stop(number: int, _: object) -> None:
    for again in _SIGNALS:
        signal.signal(again, end_at_once)
    raise Interrupted if number == signal.SIGINT else Terminated
