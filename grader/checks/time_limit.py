"""How long a check may compute on our side: a student's value may be a number to count to."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

#: Seconds of CPU time for a check that runs on a reference, of this process alone: waiting for a
#: student's code is not counted. A student's have a budget.
CPU_SECONDS: Final = 10.0
#: More of them, after which the process is ended: no line of Python was run that could be stopped.
_KILLED_AFTER: Final = 1.0
#: The variable that is set where the process may be ended: not in somebody's terminal.
EXPENDABLE: Final = "GRADER_EXPENDABLE_PROCESS"
#: Seconds of CPU time until the signal comes again where the first one found a bad moment.
_AGAIN: Final = 0.2


KEPT_AT_WORK: Final = "what came back kept the check at work for too long, and it was stopped"


class CheckTookTooLong(BaseException):
    """A check was stopped. It is no Exception, so that a check that expects one lets it pass."""

    def __str__(self) -> str:
        return KEPT_AT_WORK


class TimeLimit:
    """Stops a check that goes on and on.

    A signal handler stops code that is written in Python. No handler can stop a loop within a
    function of C, so the system ends the whole process (by SIGVTALRM): in a batch process, that
    costs this check alone, see :mod:`grader.grading.batches`. Where there are no such timers
    (Windows), or outside the main thread, nothing is stopped.
    """

    def __init__(self, is_calling: Callable[[], bool]) -> None:
        """Prepare.

        Args:
            is_calling: whether a student's code is being called. That has limits of its own, and a
                signal must not break off a message.
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
            signal.signal(signal.SIGPROF, before)

    @contextmanager
    def limit(self, seconds: float | None = None) -> Iterator[None]:
        """Around one check: raise :class:`CheckTookTooLong` in it when it takes too long.

        Args:
            seconds: of CPU time; :data:`CPU_SECONDS` if left out.
        """
        if not self._is_ready:
            yield
            return
        self._is_counting = True
        seconds = CPU_SECONDS if seconds is None else seconds
        signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
        if EXPENDABLE in os.environ:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds + _KILLED_AFTER)
        try:
            yield
        finally:
            self._is_counting = False  # a signal may be on its way
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def _stop(self, _number: int, frame: FrameType | None) -> None:
        if self._is_counting and not self._is_calling() and not _would_be_swallowed(frame):
            raise CheckTookTooLong


def _would_be_swallowed(frame: FrameType | None) -> bool:
    """Say whether Python would print an exception raised here and go on as if it had not been.

    It does so in a finalizer and in what the garbage collector calls.
    """
    collecting = {getattr(callback, "__code__", None) for callback in gc.callbacks}
    while frame is not None:
        if frame.f_code.co_name == "__del__" or frame.f_code in collecting:
            return True
        frame = frame.f_back
    return False
