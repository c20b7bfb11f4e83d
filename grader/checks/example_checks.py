"""The examples in a function's docstring as a check: does the student's function do what they show?

Python's own :mod:`doctest` would run them beside the student's code, and compare text. Here the
example's code, which is the course's, runs as a check does, with the student's functions behind
their names, and values are compared. So ``np.float64(1.0)`` is ``1.0``, and a function that changes
its argument is told so.
"""

from __future__ import annotations

import builtins
import contextlib
import copy
import doctest
import io
import re
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from types import CodeType
from typing import Any, Final

import numpy as np
import pytest

from grader.checks.descriptions import describe_value, numeric
from grader.checks.printed_values import (
    NoValue,
    agrees,
    digits_kept,
    one_off,
    read_value,
    same_text,
)
from grader.checks.student import Call, Student
from grader.results.message import Row
from grader.sandbox.faults import Raised, StudentFault
from grader.text import clean

#: Numbers in a value that an example may go on with. What it makes of more could take gigabytes.
_MOST_NUMBERS: Final = 1_000_000
_MOST_COMPARED: Final = 1_000  # parts of a value whose text is compared
_MOST_SHOWN: Final = 40  # parts of a value that are shown
_MOST_BITS: Final = 64  # of an int that is shown
_MAX_SHOWN: Final = 300  # characters of what is shown
_DIGITS: Final = 8  # of a number that is shown, as numpy does it
#: What an example may change in place, so each run has its own.
_CHANGEABLE: Final = (np.ndarray, list, dict, set)


@dataclass(frozen=True, slots=True)
class Examples:
    """A function's docstring that has examples."""

    function: str
    docstring: str
    filename: str  # of the lesson, in tracebacks
    line: int  # of the docstring in the lesson
    functions: tuple[str, ...]  # the names that stand for the student's functions

    @property
    def check(self) -> str:
        """The name of the check."""
        return f"test_examples_of_{self.function}"

    @property
    def title(self) -> str:
        """What students read."""
        return f"The examples in the description of {self.function} hold."


@dataclass(frozen=True, slots=True)
class Example:
    """One example, ready to be run again and again."""

    source: str
    code: CodeType
    line: int  # of the lesson
    shown: str  # what the description shows below it
    value: Any  # the same as a value; NoValue if it is none
    exception: str  # the class that is to be raised; empty if none
    off: float  # by how much a number may be off, since the example rounds
    flags: int  # of doctest


@lru_cache(maxsize=256)
def prepare(examples: Examples) -> tuple[Example, ...]:
    """The examples of a docstring, but for those that are marked to be skipped.

    Raises:
        ValueError: they are not written as examples are.
        SyntaxError: the code of one does not compile.
    """
    parsed = doctest.DocTestParser().get_examples(examples.docstring, examples.function)
    return tuple(
        _prepare(example, examples) for example in parsed if not example.options.get(doctest.SKIP)
    )


def _prepare(parsed: doctest.Example, examples: Examples) -> Example:
    line = examples.line + parsed.lineno
    value: object = NoValue
    with contextlib.suppress(NoValue):
        value = read_value(parsed.want)
    return Example(
        source=re.sub(r"\s*# doctest:.*|\s*\n\s*$", "", parsed.source),
        # The empty lines make tracebacks tell the right line.
        code=compile("\n" * (line - 1) + parsed.source, examples.filename, "single"),
        line=line,
        shown=parsed.want.strip("\n"),
        value=value,
        exception=(parsed.exc_msg or "").partition(":")[0].strip().rpartition(".")[2],
        off=one_off(digits_kept(parsed.source)),
        flags=sum(flag for flag, is_on in parsed.options.items() if is_on),
    )


class ExampleFails(AssertionError):
    """An example does not do what the description shows."""

    def __init__(self, example: Example, *rows: Row) -> None:
        """Tell what happened.

        Args:
            example: that fails.
            rows: what is said of it, beside the call.
        """
        super().__init__(", ".join(f"{row.label} {row.text}" for row in rows[:2]))
        self.line = example.line
        self.rows = rows


def make_item(parent: pytest.Module, examples: Examples) -> pytest.Function:
    """The check of a function's examples, as if pytest had collected it."""

    def check(student: Student) -> None:
        run_examples(examples, student)

    check.__doc__ = examples.title
    item: pytest.Function = pytest.Function.from_parent(parent, name=examples.check, callobj=check)
    item.add_marker(pytest.mark.points(0))
    return item


def run_examples(examples: Examples, student: Student) -> None:
    """Run a function's examples. All calls are made before anything is compared.

    Args:
        examples: of the function.
        student: calls the student's functions; knows what else the lesson defines.

    Raises:
        ExampleFails: an example does not do what is shown.
        StudentFault: a call yielded no plain value.
    """
    words = set(re.findall(r"\w+", examples.docstring))
    names = {
        name: copy.deepcopy(value) if isinstance(value, _CHANGEABLE) else value
        for name, value in vars(student._reference).items()
        if name in words
    }
    names |= {"__builtins__": builtins, "__name__": examples.function}
    runs: list[_Run] = []
    for example in prepare(examples):
        run = _Run(example, student)
        run.execute(names, examples.functions)
        if isinstance(run.raised, AttributeError | TypeError):
            # A list of numbers is as good as an array, but has no `.tolist()`.
            again = _Run(example, student, lists_as_arrays=True)
            again.execute(names, examples.functions)
            run = again if again.raised is None else run
        runs.append(run)
        if run.raised is not None and not example.exception:
            break  # later examples may need what this one was to define
    for run in runs:
        run.compare()


class _TooMuch(Exception):
    """A function returned more than an example shows."""


@dataclass(slots=True)
class _Run:
    """One example, and what came of it."""

    example: Example
    student: Student
    lists_as_arrays: bool = False
    values: list[object] = field(default_factory=list)  # that Python would show
    printed: list[str] = field(default_factory=list)  # before each of them, and after the last one
    raised: Exception | None = None
    calls: list[Call] = field(default_factory=list)

    def execute(self, names: dict[str, Any], functions: Sequence[str]) -> None:
        """Run the example's code, as at Python's prompt.

        Args:
            names: what it may use; gets what it defines.
            functions: the names that stand for the student's functions.
        """
        out = io.StringIO()

        def display(value: object) -> None:
            if value is not None:
                self.values.append(value)
                self.printed.append(out.getvalue())
                out.seek(0)
                out.truncate()

        for name in functions:  # an example may have given the name to something else
            names[name] = partial(self._call, name)
        before, sys.displayhook = sys.displayhook, display
        self.student.listens = False  # what the example prints is its own
        try:
            with contextlib.redirect_stdout(out):
                exec(self.example.code, names)  # noqa: S102  (the course's code, as a check is)
        except Exception as error:  # noqa: BLE001  (compared with what the example shows)
            self.raised = error
        finally:
            self.student.listens = True
            sys.displayhook = before
            self.printed.append(out.getvalue())

    def _call(self, function: str, /, *args: object, **kwargs: object) -> Any:
        try:
            value = self.student.call(function, *args, **kwargs).value
        finally:
            if self.student.last_call is not None:
                self.calls.append(self.student.last_call)
        if _count_numbers(value) > _MOST_NUMBERS:
            raise _TooMuch(describe_value(value))
        array = numeric(value) if self.lists_as_arrays else None
        return value if array is None else array

    def compare(self) -> None:
        """Raise if the example did something else than it shows."""
        if self.calls:
            self.student.last_call = self.calls[-1]
        if self.example.exception:
            self._compare_exception(self.example.exception)
        elif isinstance(self.raised, StudentFault):
            raise self.raised
        elif self.raised is not None:
            raise self._differs(self._got_instead(self.raised)) from self.raised
        elif not self._is_as_shown():
            raise self._differs(self._got())
        for call in self.calls:
            if call.changed:
                self.student.last_call = call
                changed = f"{' and '.join(call.changed)}, which was yours to read only"
                why = f"the caller still needs it; {self._quoted()}"
                raise ExampleFails(self.example, Row("changed", changed), Row("why", why))

    def _is_as_shown(self) -> bool:
        is_one_value = len(self.values) == 1 and not any(self.printed)
        if is_one_value and self.example.value is not NoValue:
            return agrees(self.values[0], self.example.value, self.example.off)
        if not all(_is_small(value, _MOST_COMPARED) for value in self.values):
            return False
        return same_text(self._text(_MOST_COMPARED), self.example.shown, self.example.flags)

    def _compare_exception(self, expected: str) -> None:
        if self.raised is None:
            raise self._differs(self._got())
        own = self.raised.type_name if isinstance(self.raised, Raised) else ""
        is_unwritten = own == "NotImplementedError" != expected  # which is a RuntimeError, too
        if is_unwritten or expected not in {
            own,
            *(kind.__name__ for kind in type(self.raised).__mro__),
        }:
            raise self.raised

    def _text(self, most: int) -> str:
        """All that Python would show; larger values are described."""
        values = [*(f"{_written(value, most)}\n" for value in self.values), ""]
        return "".join(part for pair in zip(self.printed, values, strict=True) for part in pair)

    def _got(self) -> str:
        return clean(self._text(_MOST_SHOWN).strip(), _MAX_SHOWN, multiline=True) or "nothing"

    def _got_instead(self, error: Exception) -> str:
        """What the student's function returned, with which the example cannot go on."""
        if isinstance(error, _TooMuch):
            return str(error)
        if not self.calls or isinstance(error, NameError):
            return f"{type(error).__name__}: {clean(str(error))}"
        return _written(self.calls[-1].value, _MOST_SHOWN)

    def _differs(self, got: str) -> ExampleFails:
        if self.calls:  # showing an object of the student's was a call, too
            self.student.last_call = self.calls[-1]
        expected = self.example.exception or textwrap.dedent(self.example.shown) or "nothing"
        return ExampleFails(
            self.example, Row("got", got), Row("expected", expected), Row("why", self._quoted())
        )

    def _quoted(self) -> str:
        code = clean(self.example.source, _MAX_SHOWN, multiline=True)
        return f"an example of the description: {code}"


def _count_numbers(value: object) -> int:
    """How many numbers the arrays in a value have together."""
    if isinstance(value, dict):
        return _count_numbers([*value.values()])
    if isinstance(value, list | tuple):
        return sum(map(_count_numbers, value))
    return value.size if isinstance(value, np.ndarray) else 0


def _is_small(value: object, most: int) -> bool:
    """Whether a value with no more than so many parts can be written down whole."""
    if isinstance(value, dict):
        return _is_small([*value.values()], most)
    if isinstance(value, list | tuple | set | frozenset):
        return len(value) <= most and all(_is_small(part, most) for part in value)
    if isinstance(value, np.ndarray):
        return value.size <= most
    if isinstance(value, int):
        return value.bit_length() <= _MOST_BITS
    return not isinstance(value, str | bytes) or len(value) <= _MAX_SHOWN


def _written(value: object, most: int) -> str:
    """The value as Python shows it, numbers of numpy as plain ones; a large one is described."""
    return repr(_plain(value)) if _is_small(value, most) else describe_value(value)


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value))
    if isinstance(value, np.generic):
        value = value.item()
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
