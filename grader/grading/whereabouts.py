"""Where a grading process is: it says so before each check, in memory that its owner shares.

Nothing is sent, and the owner reads it only when the process is lost. So one that is lost costs the
check that it was at, and not the batch.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
import tempfile
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

_LENGTH: Final = struct.Struct("!H")
#: Bytes: a file this small can be made wherever any can. A name that is longer is cut, and then
#: means no check.
_SIZE: Final = 512

#: Stands for the student while the checks are tried on the reference.
REHEARSAL: Final = -1
#: Stand for a check, in a lesson whose file is loaded, or whose mistakes are named.
LOADING: Final = "(loading)"
NAMING: Final = "(naming)"


@dataclass(frozen=True, slots=True)
class Place:
    """What a process is at."""

    student: int  # of its batch, from 0; or REHEARSAL
    lesson: str
    check: str  # or LOADING, or NAMING


@dataclass(frozen=True, slots=True)
class Loss:
    """What a process was lost at, with one student."""

    lesson: str
    check: str  # as in a place
    overran: bool  # it was ended because the check went on and on


class Whereabouts:
    """A place, in memory that two processes may share."""

    def __init__(self, memory: mmap.mmap | bytearray | None = None) -> None:
        """Use this memory; without any, nobody else can read it."""
        self._memory = bytearray(_SIZE) if memory is None else memory

    @staticmethod
    def new_file() -> IO[bytes]:
        """An empty file of the right size, whose descriptor another process may be given."""
        file = tempfile.TemporaryFile()  # noqa: SIM115  (whoever calls closes it)
        file.truncate(_SIZE)
        return file

    @classmethod
    def in_file(cls, descriptor: int) -> Whereabouts:
        """The place in such a file; the descriptor may be closed afterwards."""
        return cls(mmap.mmap(descriptor, _SIZE))

    def tell(self, student: int, lesson: str, check: str) -> None:
        """Say what comes now."""
        text = f"{student}\n{lesson}\n{check}".encode("utf-8", "surrogateescape")
        text = text[: _SIZE - _LENGTH.size]
        memory = self._memory
        memory[: _LENGTH.size] = bytes(_LENGTH.size)  # of half a place nothing is read
        memory[_LENGTH.size : _LENGTH.size + len(text)] = text
        memory[: _LENGTH.size] = _LENGTH.pack(len(text))

    def clear(self) -> None:
        """Say that no check is at work."""
        self._memory[: _LENGTH.size] = bytes(_LENGTH.size)

    def read(self) -> Place | None:
        """What was said last; None if nothing was."""
        (length,) = _LENGTH.unpack(self._memory[: _LENGTH.size])
        if not length:
            return None
        text = bytes(self._memory[_LENGTH.size : _LENGTH.size + length])
        student, lesson, check = text.decode("utf-8", "surrogateescape").split("\n", 2)
        return Place(int(student), lesson, check)


#: Of this process, if it is one of an executor's.
OWN: Final[ContextVar[Whereabouts]] = ContextVar("whereabouts")


def use_file(descriptor: int) -> None:
    """From now on this process tells its owner where it is, in this file."""
    OWN.set(Whereabouts.in_file(descriptor))
    os.close(descriptor)


def limit_memory(more: int) -> None:
    """Let this process need so many bytes more than now; beyond that a check gets a MemoryError.

    Only Linux says how much a process has; elsewhere nothing is limited.
    """
    if sys.platform == "linux":
        import resource  # noqa: PLC0415  (Windows has none)

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = pages * resource.getpagesize() + more
        if hard == resource.RLIM_INFINITY or wanted < hard:
            resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
