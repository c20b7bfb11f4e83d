"""Functions that ask the trusted end for a value before they compute one.

If a lesson uses an earlier one that lost marks, each function of the earlier one is wrapped. During
a check's call, the wrapper sends its arguments to the trusted end. The answer is a value, an
exception, or that the student's own function has to compute the value: this one, or all values
from now on, so that no more questions cost time. At other times, such as while a lesson is loaded,
the student's own function computes it without a question.
"""

from __future__ import annotations

import builtins
import functools
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any, Final

from grader.sandbox import wire
from grader.sandbox.inside.absent import Absent

#: The kind of the frame with a question, and the kinds of its answers.
QUESTION: Final = "question"
CALLBACK: Final = "callback"  # a call of a function of the check's; answered alike
OWN: Final = "own"
ALL_OWN: Final = "all own"
VALUE: Final = "value"
RAISE: Final = "raise"
_ANSWERS: Final = frozenset({OWN, ALL_OWN, VALUE, RAISE})

_BROKEN: Final = 70  # EX_SOFTWARE: the trusted end is gone

#: Asks for a function's value: (lesson, function, arguments, keyword arguments) → answer.
Ask = Callable[[str, str, tuple[Any, ...], dict[str, Any]], tuple[Any, ...]]


class Line:
    """The line to the trusted end: it has the open request, and says if questions are allowed."""

    def __init__(self, requests: Iterator[bytes], send: Callable[[bytes, bytes], None]) -> None:
        """Prepare.

        Args:
            requests: the frames that come in: the token for the reply, then the content.
            send: writes a frame with this token and content.
        """
        self._requests = requests
        self._send = send
        self._token = b""
        self._is_open = False
        self._gets_values = True
        self.position = 0  # of the present call, among those that are made ahead
        self._lock = threading.RLock()
        #: Answers a request that comes while a question is open: the check's function calls back.
        self.respond: Callable[[bytes], None] = lambda data: os._exit(_BROKEN)
        self.rebuild: Callable[[Any], Any] | None = None  # makes values of the program's own

    def begin(self, token: bytes) -> None:
        """Take a request. Its reply and its questions carry this token."""
        self._token = token

    def reply(self, encoded: bytes) -> None:
        """Answer the open request."""
        with self._lock:
            self._send(self._token, encoded)

    @contextmanager
    def open(self) -> Iterator[None]:
        """In this block questions are allowed, because a call of a check runs."""
        was_open, self._is_open = self._is_open, True
        try:
            yield
        finally:
            self._is_open = was_open

    def ask(
        self, lesson: str, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Any, ...]:
        """Put a question; see :data:`Ask`."""
        if not (self._is_open and self._gets_values):
            return (OWN,)
        try:
            question = wire.encode((QUESTION, lesson, function, list(args), kwargs, self.position))
        except wire.Unsendable:
            return (OWN,)
        answer = self._put(question)
        self._gets_values = answer[0] != ALL_OWN
        return answer

    def call_back(self, number: int, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Call a function of the check's.

        Args:
            number: by which the check knows it.
            args: as they are sent, see :meth:`.objects.Objects.make_sendable`.
            kwargs: likewise.
        """
        if not self._is_open:
            raise RuntimeError("a function of the check can be called only while the check waits")
        kind, *content = self._put(wire.encode((CALLBACK, number, args, kwargs)))
        if kind == RAISE:
            raise getattr(builtins, content[0])(*content[1])
        return content[0]

    def _put(self, question: bytes) -> tuple[Any, ...]:
        """Put a question, and wait for its answer; what comes before it are other requests."""
        with self._lock:
            self._send(self._token, question)
            while True:
                data = next(self._requests, None)
                if data is None:
                    os._exit(_BROKEN)
                self._token = data[: wire.TOKEN_BYTES]
                content = data[wire.TOKEN_BYTES :]
                answer: tuple[Any, ...] = wire.decode(content, trusted=True, rebuild=self.rebuild)
                if answer[0] in _ANSWERS:
                    return answer
                self.respond(data)


def wrap_functions(
    module: ModuleType, names: Sequence[str], ask: Ask, error: BaseException | None
) -> None:
    """Let these functions of a lesson ask first. A missing one becomes a function that fails.

    Args:
        module: of the lesson.
        names: of the functions.
        ask: puts the questions.
        error: what ended the lesson's import, if it was ended.
    """
    lesson = module.__name__
    for name in names:
        own: Any = vars(module).get(name)
        if not callable(own):
            missing = ImportError(f"cannot import name {name!r} from {lesson!r}")
            own = Absent(name, error or missing)
        vars(module)[name] = _wrapped(lesson, name, own, ask)


def _wrapped(lesson: str, name: str, own: Callable[..., Any], ask: Ask) -> Callable[..., Any]:
    def function(*args: Any, **kwargs: Any) -> Any:
        kind, *content = ask(lesson, name, args, kwargs)
        if kind == VALUE:
            return content[0]
        if kind == RAISE:
            raise getattr(builtins, content[0])
        return own(*args, **kwargs)

    with suppress(Exception):  # of a student's own class, whose attributes may do anything
        functools.update_wrapper(function, own)
    return function
