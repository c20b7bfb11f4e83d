"""What a lesson leaves behind in its process, where the same student's next lesson would find it.

Random numbers begin anew. If anything else was left behind, the next lesson gets a process of its
own. The process itself says so, and a program can make it say what it likes. What a
student gains by that, they could as well have written into the later lesson.
"""

from __future__ import annotations

import _thread
import gc
import os
import random
import signal
import sys
import warnings
from contextlib import suppress
from typing import Any, Final

import numpy as np

#: Modules whose functions a lesson might replace, by accident or to try something out.
_MODULES: Final = (
    "builtins", "math", "random", "sys", "time", "itertools", "functools", "numpy",
    "numpy.fft", "numpy.linalg", "numpy.random",
)  # fmt: skip


class Leftovers:
    """Compares a process with what it was before any student's code ran."""

    def __init__(self, scratch: str) -> None:
        """Remember the state of now.

        Args:
            scratch: the folder that lessons can write to; "" if there is none.
        """
        self._scratch = scratch
        seed_random_numbers()
        self._state = self._read()
        self._descriptor = -1

    def begin(self) -> None:
        """Remember what only the process of a lesson knows: which files are open."""
        self._descriptor = _next_descriptor()

    def are_found(self) -> bool:
        """Whether there are any. Random numbers begin anew."""
        is_changed = True
        with suppress(Exception):  # of comparisons with a student's own objects
            seed_random_numbers()
            is_changed = self._read() != self._state or _next_descriptor() != self._descriptor
        return is_changed

    def _read(self) -> list[Any]:
        """All that is compared. An object that is still the same one is not looked into."""
        signals = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGALRM)]
        return [
            [*sys.modules],
            *([*vars(sys.modules[name]).values()] for name in _MODULES),
            [*sys.path], [*sys.path_hooks], [*sys.meta_path], [*warnings.filters],
            [*gc.callbacks], gc.isenabled(), gc.get_threshold(),
            sys.getrecursionlimit(), sys.gettrace(), sys.getprofile(), sys.getswitchinterval(),
            np.geterr(), np.geterrcall(), np.get_printoptions(),
            sys.get_int_max_str_digits(), {**os.environ}, os.getcwd(), _umask(),
            os.listdir(self._scratch) if self._scratch else [], _thread._count(), signals,
        ]  # fmt: skip


def seed_random_numbers() -> None:
    """Begin the random numbers that are the same for every student's lesson."""
    random.seed(0)
    np.random.seed(0)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _next_descriptor() -> int:
    """The number of the next file that is opened: a larger one if files are left open."""
    descriptor = os.dup(0)
    os.close(descriptor)
    return descriptor
