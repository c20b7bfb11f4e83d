"""The check that a grading process runs now, in memory that the process shares with its owner.

The owner reads it only when the process is lost. So a lost process costs the check that it was
running, and not the whole batch.
"""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
from contextvars import ContextVar
from dataclasses import dataclass
from typing import IO, Final

_LENGTH: Final = struct.Struct("!H")
#: Bytes: a file this small can be made wherever any can. A name that is longer is cut, and then
#: means no check.
_SIZE: Final = 512

#: Stands for the student while the checks are tried on the reference.
REHEARSAL: Final = -1
#: Stand for a check while a lesson's file is loaded, and while its mistakes are named.
LOADING: Final = "(loading)"
NAMING: Final = "(naming)"
#: Stands before a check while its lesson is tried in the process of the lesson before. If a process
#: is lost then, no check is: the lesson is graded in a process of its own.
SHARED: Final = "(shared) "


@dataclass(frozen=True, slots=True)
class Place:
    """The student, lesson and check that a process is at."""

    student: int  # of its batch, from 0; or REHEARSAL
    lesson: str
    check: str  # or LOADING, or NAMING


@dataclass(frozen=True, slots=True)
class Loss:
    """The lesson and check at which a process was lost, with one student."""

    lesson: str
    check: str  # as in a place
    overran: bool  # it was ended because the check went on and on


class CurrentCheck:
    """A place that one process announces and another reads, in shared memory."""

    def __init__(self, memory: mmap.mmap | bytearray | None = None) -> None:
        """Use this memory. Without any, the place is kept in this process alone."""
        self._memory = bytearray(_SIZE) if memory is None else memory

    @staticmethod
    def new_file() -> IO[bytes]:
        """An empty file of the right size, whose descriptor another process may be given."""
        file = tempfile.TemporaryFile()  # noqa: SIM115  (whoever calls closes it)
        file.truncate(_SIZE)
        return file

    @classmethod
    def in_file(cls, descriptor: int) -> CurrentCheck:
        """The place in such a file; the descriptor may be closed afterwards."""
        return cls(mmap.mmap(descriptor, _SIZE))

    def announce(self, student: int, lesson: str, check: str) -> None:
        """Write down what comes next."""
        text = f"{student}\n{lesson}\n{check}".encode("utf-8", "surrogateescape")
        text = text[: _SIZE - _LENGTH.size]
        memory = self._memory
        memory[: _LENGTH.size] = bytes(_LENGTH.size)  # a place half written is not read
        memory[_LENGTH.size : _LENGTH.size + len(text)] = text
        memory[: _LENGTH.size] = _LENGTH.pack(len(text))

    def clear(self) -> None:
        """Write down that no check is running."""
        self._memory[: _LENGTH.size] = bytes(_LENGTH.size)

    def read(self) -> Place | None:
        """The place announced last; None if no check is running."""
        (length,) = _LENGTH.unpack(self._memory[: _LENGTH.size])
        if not length:
            return None
        text = bytes(self._memory[_LENGTH.size : _LENGTH.size + length])
        student, lesson, check = text.decode("utf-8", "surrogateescape").split("\n", 2)
        return Place(int(student), lesson, check)


#: Of this process, if it is one of an executor's.
OWN: Final[ContextVar[CurrentCheck]] = ContextVar("current_check")


def announce_in_file(descriptor: int) -> None:
    """Let this process announce its checks in this file from now on."""
    OWN.set(CurrentCheck.in_file(descriptor))
    os.close(descriptor)
