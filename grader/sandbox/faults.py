"""What a student's program can do wrong, as exceptions in the trusted process.

A call from a check returns a value or raises one of these. :mod:`.replies` builds them from a
worker's reply, :mod:`.session` from the way in which a worker ended. The student made none of them.

::

    StudentFault
    ├─ TimedOut           a call, or the whole lesson, used up its time
    ├─ OutOfMemory        MemoryError in the student's code
    ├─ Crashed            the student's process ended
    ├─ TooLarge           the lesson, with those that it imports, cannot be sent to a worker
    ├─ MissingFunction    the lesson defines nothing of that name
    ├─ WrongReturn        it returned something that is not a plain value
│  └─ NotComparable   a check compares an object of the student's with a value
    ├─ WrongValue         a check asks for a value, and it is of another kind
    ├─ Unanswered         a question has no answer yet
    └─ Raised             it raised an exception; also a ValueError, TypeError, … where it is one,
                          so that ``pytest.raises(ValueError)`` works
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, cast


class StudentFault(Exception):
    """The student's program did something wrong; the message says what, to the student."""

    @property
    def in_words(self) -> str:
        """The text for messages."""
        return str(self)


class TimedOut(StudentFault):
    """A call took longer than its limit, or the lesson had no time left."""


class OutOfMemory(StudentFault):
    """The student's code asked for more memory than its limit."""


class Crashed(StudentFault):
    """The student's process ended, or sent something that is no reply."""


class TooLarge(StudentFault):
    """The lesson, with those that it imports, is larger than a worker can be sent."""


class MissingFunction(StudentFault):
    """The lesson defines no function of that name."""

    bound_at: Place | None = None  # the line that gives the name to something else
    failure: Failure | None = None  # of the statement that would have defined it
    similar: str = ""  # a function of the lesson with nearly that name


class WrongReturn(StudentFault):
    """The function returned something that is not a plain value."""


class NotComparable(WrongReturn):
    """An object of the student's was compared with a value, or used as one."""

    instead: str = ""  # what the author of the check should do


class WrongValue(StudentFault):
    """A value of the lesson is not of the kind that the check asks for."""


class Unanswered(StudentFault):
    """A question has no answer yet, as in the stub."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line that the student wrote."""

    filename: str
    line: int
    text: str


class Raised(StudentFault):
    """The student's code raised an exception.

    A check sees the same builtin class, text and arguments. All of them come from the student.
    """

    object: Any = None  # a handle to the exception itself, if a check may ask it for more
    own: Sequence[str] = ()  # what the lesson calls its class and those that this derives from

    def __init__(
        self, type_name: str, text: str, place: Place | None, arguments: tuple[object, ...] = ()
    ) -> None:
        super().__init__()
        self.args = arguments
        if isinstance(self, SystemExit):
            self.code = arguments[0] if arguments else None
        self.type_name = type_name
        self.text = text
        self.place = place

    def __getattr__(self, name: str) -> Any:
        """What the student's exception has beside its arguments."""
        if self.object is None or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.object, name)

    def __str__(self) -> str:
        return self.text

    @property
    def in_words(self) -> str:
        """Its class and text, as in the last line of Python's traceback."""
        return f"{self.type_name}: {self.text}" if self.text else self.type_name


@dataclass(frozen=True, slots=True)
class Failure:
    """A top-level statement that failed while the lesson was loaded, or was left out."""

    kind: FailureKind
    place: Place | None  # the statement
    error: StudentFault
    subject: str = ""  # the module of an import; the student's function that the statement calls
    names: tuple[str, ...] = ()  # the names that it would have defined

    @property
    def is_unwritten(self) -> bool:
        """Whether it failed because an answer is not written yet: its own, or one that it needs."""
        return isinstance(self.error, Raised) and self.error.type_name == "NotImplementedError"

    @property
    def is_unwritten_answer(self) -> bool:
        """Whether it is the line that stands in the stub for an answer at the top level."""
        is_line = self.place is not None and self.place.text.strip().startswith("raise ")
        return self.is_unwritten and is_line and not self.subject


class FailureKind(StrEnum):
    """The kind of a statement that failed. Each has other consequences."""

    IMPORT = "import"  # the names stand for objects that raise on use
    DEFINITION = "definition"
    STATEMENT = "statement"
    CELL = "cell"  # does not compile: everything in it
    REST = "rest"  # of a cell, below a statement that failed
    ENDED = "ended"  # it ended the worker; later statements run only if they are definitions


#: The builtin exceptions that a check may expect of a student's function.
_EXPECTABLE: Final = frozenset({
    ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, FileExistsError,
    FileNotFoundError,
    FloatingPointError, ImportError, IndexError, KeyError, LookupError, ModuleNotFoundError,
    IsADirectoryError, NameError, NotADirectoryError, NotImplementedError, OSError, OverflowError,
    PermissionError, RecursionError, RuntimeError, SystemExit, TimeoutError, TypeError,
    UnboundLocalError, UnicodeError, ValueError, ZeroDivisionError,
})  # fmt: skip


class ErrorClass(type):
    """The metaclass of stand-ins for classes of exceptions; a stand-in equals its class."""

    stands_for: type | None = None  # the very class of the exception

    def __eq__(cls, other: object) -> bool:
        """Whether they stand for the same class: checks compare ``type(error)``."""
        own = vars(cls).get("stands_for")
        return cls is other or (own is not None and other is own)

    def __hash__(cls) -> int:
        return type.__hash__(vars(cls).get("stands_for") or cls)


@lru_cache(maxsize=128)  # bounded: the names come from outside
def _raised_class(builtin: str, *, is_it: bool) -> type[Raised]:
    """The class for exceptions of a builtin class, or of others that derive from it."""
    kind = vars(builtins).get(builtin)
    ancestors = kind.__mro__ if isinstance(kind, type) else ()
    for ancestor in ancestors:  # a BlockingIOError is an OSError, too
        if ancestor in _EXPECTABLE:
            own = {"stands_for": ancestor} if is_it and ancestor is kind else {}
            return cast("type[Raised]", ErrorClass(ancestor.__name__, (Raised, ancestor), own))
    return Raised


def build_raised(
    type_name: str,
    builtin: str,
    text: str,
    place: Place | None,
    arguments: tuple[object, ...] = (),
) -> Raised:
    """Build the exception that stands for one that the student's code raised.

    Args:
        type_name: the name of its class, which the student may have defined.
        builtin: the nearest builtin class from which it inherits.
        text: its text.
        place: the last line of the student's own code that it passed through.
        arguments: its arguments, as plain values.
    """
    kind = _raised_class(builtin, is_it=type_name == builtin)
    return kind(type_name, text, place, arguments)
