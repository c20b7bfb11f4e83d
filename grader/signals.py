"""Handles Ctrl-C and SIGTERM."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

# The exit codes that a shell reports for a program that Ctrl-C or `kill` ended.
INTERRUPTED = 130
TERMINATED = 143

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C.

    A plain KeyboardInterrupt will not do: once it has left code that ``exec`` ran from text (as
    `dataclasses` does), ``python -m`` ends by the signal although the exception was caught.
    """


class Terminated(KeyboardInterrupt):
    """SIGTERM: like Ctrl-C, with another exit code."""


def end_at_once(number: int, _: object) -> None:
    """End this program at once. Used as long as there is nothing to clean up."""
    os.write(2, b"Interrupted. Run the same command again.\n")
    os._exit(128 + number)


@contextmanager
def raise_on_signals() -> Iterator[None]:
    """In this block Ctrl-C or SIGTERM raises KeyboardInterrupt; a second one ends the program."""
    hook_before = sys.unraisablehook
    sys.unraisablehook = _send_again if hook_before is sys.__unraisablehook__ else hook_before
    try:
        with _handled_by(_stop):
            yield
    except Exception as error:
        # Until Python 3.12, what is raised in a ``__set_name__`` becomes a RuntimeError.
        cause = error.__cause__
        while cause is not None and not isinstance(cause, Interrupted | Terminated):
            cause = cause.__cause__
        if cause is None:
            raise
        raise cause from None
    finally:
        sys.unraisablehook = hook_before


@contextmanager
def delay_signals() -> Iterator[None]:
    """In this block Ctrl-C and SIGTERM wait until the block ends."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    received: list[int] = []

    def remember(number: int, _: object) -> None:
        received.append(number)

    try:
        with _handled_by(remember):
            yield
    finally:
        if received:
            signal.raise_signal(received[0])


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        for number in _SIGNALS:
            signal.signal(number, handler)
        yield
    finally:
        for number, handler_before in before.items():
            signal.signal(number, handler_before)


def _send_again(unraisable: sys.UnraisableHookArgs) -> None:
    """Send a signal again if its exception was lost, as in the callback of a weak reference."""
    lost = unraisable.exc_value
    if not isinstance(lost, Interrupted | Terminated):
        sys.__unraisablehook__(unraisable)
        return
    for each in _SIGNALS:
        signal.signal(each, _stop)
    number = signal.SIGINT if isinstance(lost, Interrupted) else signal.SIGTERM
    # Later, and from a thread: here the next exception would be lost as well.
    threading.Timer(0.01, os.kill, (os.getpid(), number)).start()


def _stop(number: int, _: object) -> None:
    for again in _SIGNALS:
        signal.signal(again, end_at_once)
    raise Interrupted if number == signal.SIGINT else Terminated
