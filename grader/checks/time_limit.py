"""The time limit of a check on our side: a student's value may make it compute for ever."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

#: The CPU time of a check that runs on a reference, in this process alone. A check that runs on a
#: student's program has the lesson's budget.
CPU_SECONDS: Final = 10.0
#: After so many more seconds the process is killed: no exception could stop it.
_KILLED_AFTER: Final = 1.0
#: This variable is set in processes that may be killed. That of a terminal may not.
EXPENDABLE: Final = "GRADER_EXPENDABLE_PROCESS"
#: The CPU seconds until the signal comes again, if no exception could be raised at the first.
_AGAIN: Final = 0.2


#: Modules of Python's whose functions a weak reference calls.
_OF_WEAK_REFERENCES: Final = frozenset({"weakref", "_weakrefset"})

KEPT_AT_WORK: Final = "what came back kept the check at work for too long, and it was stopped"


class CheckTookTooLong(BaseException):
    """A check took too long. Not an Exception, so a check that expects one does not catch it."""

    def __str__(self) -> str:
        return KEPT_AT_WORK


class TimeLimit:
    """Stops a check that takes too long.

    A signal handler stops code that is written in Python. It cannot stop a loop in C; there the
    system kills the whole process (by SIGVTALRM). In a grading process that costs only this check,
    see :mod:`grader.grading.batches`. On Windows, which has no such timers, and outside the main
    thread, nothing is stopped.
    """

    def __init__(self, is_calling: Callable[[], bool]) -> None:
        """Prepare.

        Args:
            is_calling: whether a student's code is being called. Calls have their own limits, and
                an exception must not break off a message.
        """
        self._is_calling = is_calling
        self._is_ready = False
        self._is_counting = False

    @contextmanager
    def ready(self) -> Iterator[None]:
        """In this block :meth:`limit` has an effect."""
        if not hasattr(signal, "setitimer") or (
            threading.current_thread() is not threading.main_thread()
        ):
            yield
            return
        before = signal.signal(signal.SIGPROF, self._stop)
        self._is_ready = True
        try:
            yield
        finally:
            self._is_ready = False
            # By default the signal ends the process. One may still be on its way to a thread.
            signal.signal(signal.SIGPROF, before if callable(before) else _ignore)

    @contextmanager
    def limit(self, seconds: float | None = None) -> Iterator[None]:
        """In this block raise :class:`CheckTookTooLong` after so much CPU time.

        Args:
            seconds: :data:`CPU_SECONDS` if left out.
        """
        if not self._is_ready:
            yield
            return
        seconds = CPU_SECONDS if seconds is None else seconds
        try:  # the time may be over before the block begins
            self._is_counting = True
            signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
            if EXPENDABLE in os.environ:
                signal.setitimer(signal.ITIMER_VIRTUAL, seconds + _KILLED_AFTER)
            yield
        finally:
            self._is_counting = False  # a signal may be on its way
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def _stop(self, _number: int, frame: FrameType | None) -> None:
        if self._is_counting and not self._is_calling() and not _would_be_swallowed(frame):
            raise CheckTookTooLong


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing at a signal. A program that is started from here does not inherit this."""


def _would_be_swallowed(frame: FrameType | None) -> bool:
    """Whether Python would print an exception raised here, and go on.

    It does so in a finalizer and in functions that the garbage collector or a weak reference calls.
    """
    collecting = {getattr(callback, "__code__", None) for callback in gc.callbacks}
    while frame is not None:
        if frame.f_code.co_name == "__del__" or frame.f_code in collecting:
            return True
        if frame.f_globals.get("__name__") in _OF_WEAK_REFERENCES:
            return True
        frame = frame.f_back
    return False
