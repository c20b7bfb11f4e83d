"""What went wrong, in words for the student: what was called, what came back, and why it matters.

A hidden value is never shown. Of a check that compares with the reference, the student sees what
was called, the shape of the own result, and the sentence that the check's author wrote; of a
visible one, the numbers too. Of numbers and texts that a hidden check calls with, no more than the
kind is shown: who knows them could write their answers down.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping, Sequence
from types import ModuleType, TracebackType
from typing import Any, Final

import numpy as np
import pytest

from grader.checks import advice, excerpts
from grader.checks.patience import Endless
from grader.checks.reference import ReferenceCallee
from grader.checks.student import Call
from grader.results import Status
from grader.sandbox.faults import (
    Crashed,
    MissingFunction,
    OutOfMemory,
    Raised,
    StudentFault,
    TimedOut,
    Unanswered,
    WrongReturn,
    WrongValue,
)
from grader.testing import ATOL, RTOL, Unequal, Unfit
from grader.text import clean, label, mask_long_numbers

_MAX_NUMBERS: Final = 12  # numbers of an array that are shown
_MAX_INPUT: Final = 20  # numbers of a visible check's argument that are shown
_MAX_PARTS: Final = 3  # of a tuple that are described one by one
_MAX_BITS: Final = 64  # of an int that is shown
_MAX_ROWS: Final = 6  # of a matrix that are written below each other
_MAX_WIDTH: Final = 68  # of such a row
_MAX_LINE: Final = 80  # of what was called
_DIGITS: Final = 4

#: Of a function that ends without `return`; who prints the result sees it, and wonders.
_NOTHING: Final = (
    "None: does every way through the function end with `return`? "
    "(`print` shows a value, and returns None.)"
)

_REFUSALS: Final = frozenset({"SyntaxError", "IndentationError", "TabError"})

_STATUS_OF_FAULT: Final[Mapping[type[StudentFault], Status]] = {
    Unanswered: Status.NOT_ATTEMPTED,
    TimedOut: Status.TIMEOUT,
    OutOfMemory: Status.OUT_OF_MEMORY,
    Crashed: Status.CRASHED,
}


def status_of(error: BaseException) -> Status:
    """The status of a check that ended with this exception of the student's."""
    if is_not_started(error):
        return Status.NOT_ATTEMPTED
    for kind, status in _STATUS_OF_FAULT.items():
        if isinstance(error, kind):
            return status
    return Status.FAILED


def is_not_started(error: BaseException | None) -> bool:
    """Whether it is what a function raises that is as it was handed out."""
    return isinstance(error, Raised) and error.type_name == "NotImplementedError"


def explain(
    error: BaseException, call: Call | None, solution: ModuleType | None = None, *, hidden: bool
) -> str:
    """Say what happened in a check that did not pass, a labelled line each.

    Args:
        error: what the check ended with.
        call: the last call of the student's code, if there was one.
        solution: the lesson's reference, which knows what shape is expected.
        hidden: whether the numbers compared with are the reference's.
    """
    if is_not_started(error):
        return "not started: it still raises NotImplementedError"
    rows: list[tuple[str, str]] = []
    if call is not None:
        rows.append(("called", describe_call(call, hidden=hidden)))
        if not hidden:
            rows.append(("with", _few_numbers(call)))
    if isinstance(error, StudentFault):
        rows += _about_fault(error, call, hidden=hidden)
    else:
        rows += _about_assertion(error, call, solution, hidden=hidden)
    return "\n".join(label(name, text) for name, text in rows if text)


def _about_fault(fault: StudentFault, call: Call | None, *, hidden: bool) -> list[tuple[str, str]]:
    words = str(fault)
    if hidden and isinstance(fault, Raised | WrongReturn | MissingFunction):
        words = mask_long_numbers(words)  # the program's own, which may repeat its input
    words = clean(words)
    if isinstance(fault, Raised):
        rows = [("got", words.rstrip())]
        if fault.place is not None:
            place = fault.place
            rows.append(("at", clean(f"{place.filename}, line {place.line}: {place.text}")))
        rows.append(("means", advice.about(fault) or ""))
        return rows
    if isinstance(fault, WrongReturn):
        return [
            ("got", words),
            ("expected", "plain numbers, lists, tuples or numeric arrays"),
        ]
    if isinstance(fault, WrongValue | Unanswered):
        return [("got", words)]
    if isinstance(fault, MissingFunction):
        name = f" called `{call.function}`" if call else ""
        return [("got", f"no answer: there is no function{name} in your file")]
    rows = [("got", f"no answer: {words}")]
    return [*rows, ("look at", advice.ON_TIME)] if isinstance(fault, TimedOut) else rows


def _about_assertion(
    error: BaseException, call: Call | None, solution: ModuleType | None, *, hidden: bool
) -> list[tuple[str, str]]:
    if call is not None and call.value is None:
        return [("got", _NOTHING)]
    if isinstance(error, Unfit):
        return [("got", error.got), ("expected", error.expected)]
    compared = compared_by(error)
    rows: list[tuple[str, str]] = []
    if compared is not None and not hidden:
        rows += _side_by_side(compared)
    elif call is not None:
        got = describe_value(call.value, hidden=hidden)
        rows.append(("got", got if hidden else _in_full(call.value) or got))
        rows.append(("expected", _expected_shape(call, solution) or ""))
    # A program may claim to have changed what it never got.
    changed = [name for name in call.arguments if name in call.changed] if call else []
    if changed:
        rows.append(("changed", f"{' and '.join(changed)}, which was yours to read only"))
    why = _authors_sentence(error, compared) or ("" if hidden else excerpts.asserted(error))
    rows.append(("why", clean(why, limit=400)))
    return rows


def _expected_shape(call: Call, solution: ModuleType | None) -> str | None:
    """The shape that the reference gives for this call, if it is another: no number of it."""
    if solution is None:
        return None
    try:
        right = ReferenceCallee(solution).call(call.function, **call.arguments)
    except Exception:  # noqa: BLE001  (an argument has no name, or is meant to be refused)
        return None
    due, got = right.value, call.value
    as_long = isinstance(got, list) and isinstance(due, list) and len(got) == len(due)
    if _is_plain_list(due) and not as_long:
        return describe_value(due)
    expected = describe_shape(due)
    return None if expected == describe_shape(got) else expected


def _is_plain_list(value: object) -> bool:
    return isinstance(value, list) and not any(isinstance(part, np.ndarray) for part in value)


def describe_shape(value: object) -> str:
    """``shape (3, 5)``, ``a single number``, ``2 parts: shape (5, 4), shape (5, 7)``."""
    if isinstance(value, tuple | list) and not _is_plain_list(value):
        shapes = ", ".join(describe_shape(part) for part in value[:_MAX_PARTS])
        return f"{len(value)} parts: {shapes}"
    array = numeric(value)
    if array is None:
        return f"a {type(value).__name__}"  # its text would be an answer
    return f"shape {array.shape}" if array.shape else "a single number"


def numeric(value: object) -> np.ndarray | None:
    """A value as an array of numbers, complex ones too; None if it is none."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return None
    return array if array.dtype.kind in "biufc" else None


def _side_by_side(compared: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Both sides of a comparison: the numbers if they are few, else one that differs."""
    if not {"actual", "desired"} <= compared.keys():
        return []
    actual, desired = compared["actual"], compared["desired"]
    of = f"{compared['of']} " if compared.get("of") else ""
    one = _one_that_differs(actual, desired)
    if one is not None:
        got, expected = one
    else:
        got, expected = numbers(actual, prefix=of), numbers(desired, prefix=of)
    for name, value in compared.get("beside", {}).items():
        got += f", {name} {numbers(value)}"
    return [("got", of + got), ("expected", of + expected)]


def _one_that_differs(actual: object, desired: object) -> tuple[str, str] | None:
    """Where two large arrays differ first, and how often; None if they are small, or no arrays."""
    mine, right = numeric(actual), numeric(desired)
    if mine is None or right is None or mine.shape != right.shape or mine.size <= _MAX_NUMBERS:
        return None
    differs = ~np.isclose(mine, right, rtol=RTOL, atol=ATOL)
    if not differs.any():  # a comparison stricter than ours
        return None
    where = tuple(int(index) for index in np.argwhere(differs)[0])
    place = f"[{', '.join(map(str, where))}]"
    got = f"{describe_value(mine)}, with {mine[where]:.{_DIGITS}g} at {place}"
    expected = f"{right[where]:.{_DIGITS}g} at {place}"
    return got, f"{expected}; {int(differs.sum())} of {mine.size} numbers differ"


def _authors_sentence(error: BaseException, compared: Mapping[str, Any] | None) -> str:
    """The message that the check's author gave to the assertion; empty when there is none."""
    if compared is not None:
        return str(compared.get("why", compared.get("err_msg", "")))
    if isinstance(error, pytest.fail.Exception | Endless):
        return str(error)
    if isinstance(error, AssertionError):
        return str(error)
    return ""  # an error of the check's own making, met on a value that it did not expect


def compared_by(error: BaseException) -> Mapping[str, Any] | None:
    """What a failed assertion compared: one of ours, or of ``numpy.testing``.

    The arguments of numpy's are read from its frame: its text would have to be parsed.
    """
    if isinstance(error, Unequal):
        return vars(error)
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        module = frame.f_globals.get("__name__", "")
        if module.startswith("numpy.testing") and "err_msg" in frame.f_locals:
            return dict(frame.f_locals)
        trace = trace.tb_next
    return None


def describe_call(call: Call, *, hidden: bool = False) -> str:
    """``double(x, axis=1)    x: (3, 5) float64``; if hidden, ``axis: an int`` like any other."""
    shown: list[str] = []
    shapes: list[str] = []
    for name, value in call.arguments.items():
        if isinstance(value, int | np.integer) and not isinstance(value, bool) and not hidden:
            shown.append(f"{name}={value}")
        else:
            shown.append(name)
            shapes.append(f"{name}: {describe_value(value, hidden=hidden)}")
    called = f"{call.function}({', '.join(shown)})"
    one_line = f"{called}    {', '.join(shapes)}".rstrip()
    if len(one_line) <= _MAX_LINE:
        return one_line
    lines = [called]
    for shape in shapes:
        joined = f"{lines[-1]}, {shape}"
        if len(lines) == 1 or len(joined) > _MAX_LINE:
            lines.append(shape)
        else:
            lines[-1] = joined
    return "\n".join(lines)


def _few_numbers(call: Call) -> str:
    """The numbers of those arguments that have few, for somebody who wants to try it."""
    shown: list[str] = []
    for name, value in call.arguments.items():
        if isinstance(value, np.ndarray) or (
            isinstance(value, list) and numeric(value) is not None
        ):
            if 0 < np.size(value) <= _MAX_INPUT:
                shown.append(f"{name} = {numbers(value, _MAX_INPUT, prefix=f'{name} = ')}")
        elif text := _in_full(value):
            shown.append(f"{name} = {text}")
    return ("\n" if any("\n" in it for it in shown) else ", ").join(shown)


class _Short(reprlib.Repr):
    def repr_int(self, x: int, level: int) -> str:
        return repr(x) if x.bit_length() <= _MAX_BITS else describe_value(x)


def _in_full(value: object) -> str:
    """``['a', 'b']``: what a list, tuple or dict without arrays holds, cut; empty if it is none."""
    if not isinstance(value, list | tuple | dict) or not value:
        return ""
    parts = value.values() if isinstance(value, dict) else value
    if any(isinstance(part, np.ndarray) for part in parts):  # its shape says more
        return ""
    return clean(_Short().repr(value), limit=_MAX_LINE)


def describe_value(value: object, *, parts_too: bool = True, hidden: bool = False) -> str:
    """Tell what a value is without its numbers: ``(3, 5) float64``, ``a tuple of 2 values``.

    Args:
        value: plain, as the sandbox gives it.
        parts_too: describe the parts of a short tuple as well.
        hidden: tell of a number or text no more than its kind: it is an input, or may repeat one.
    """
    if isinstance(value, np.ndarray):
        strange = 0 if value.dtype.kind not in "fc" else int(np.sum(~np.isfinite(value)))
        about = f", {strange} of {value.size} numbers nan or infinite" if strange else ""
        return f"{value.shape} {value.dtype}{about}"
    if value is None:
        return "None"
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if hidden and isinstance(value, int | float | complex | np.number):
        kind = type(value).__name__
        return f"a{'n' * kind.startswith(('i', 'u'))} {kind}{_how_strange(value)}"
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        return f"an int of {value.bit_length():,} bits"
    if isinstance(value, (int, float, complex, np.number)):
        return f"the number {value:.{_DIGITS}g}"
    if isinstance(value, tuple | list | dict):
        parts = ""
        if parts_too and isinstance(value, tuple) and 0 < len(value) <= _MAX_PARTS:
            described = (describe_value(part, parts_too=False, hidden=hidden) for part in value)
            parts = ": " + ", ".join(described)
        count = f"{len(value)} value{'s' * (len(value) != 1)}"
        return f"a {type(value).__name__} of {count}{parts}"
    if isinstance(value, str):
        return "a text" if hidden else f"the text {clean(repr(value), limit=40)}"
    return f"a {type(value).__name__}"


def _how_strange(value: complex | np.number[Any]) -> str:
    return "" if isinstance(value, int) or np.isfinite(value) else ", nan or infinite"


def numbers(value: object, limit: int = _MAX_NUMBERS, *, prefix: str = "") -> str:
    """A few numbers, rounded, the rows of a matrix below each other; a larger array by its shape.

    Args:
        value: anything.
        limit: how many numbers are few.
        prefix: what stands before it, in the same line.
    """
    array = numeric(value)
    if array is None:
        return describe_value(value)
    if array.size > limit:
        return describe_value(array)
    rows = np.array2string(
        array, precision=_DIGITS, separator=" ", prefix=prefix, max_line_width=_MAX_WIDTH
    )
    if array.ndim == 2 and rows.count("\n") < _MAX_ROWS:
        return rows
    return re.sub(r"\s*\n\s*", " ", rows)


def explain_import(fault: StudentFault, filename: str, packages: Sequence[str] = ()) -> str:
    """Say why a lesson could not be imported, in one sentence.

    Args:
        fault: what its import ended with.
        filename: as it was handed in.
        packages: what the course lets it import.
    """
    if isinstance(fault, Raised):
        verb = "does not compile" if fault.type_name in _REFUSALS else "stops while it is imported"
        what, where = filename, ""
        if fault.place is not None:
            where = f", in line {fault.place.line} (`{fault.place.text}`)"
            if fault.place.filename.partition(",")[0] != filename:
                what = f"{filename} imports {fault.place.filename}, which"
        # Python's own text of a syntax error ends with "(file, line 6)", which is said already.
        reason = re.sub(r" \([^()]*, line \d+\)$", "", str(fault))
        found = clean(f"{what} {verb}{where}: {reason}", limit=500)
        if means := advice.on_import(fault):
            found += f". This means: {means}"
        if packages and fault.type_name == "ModuleNotFoundError":
            known = ", ".join([*packages, "Python's own library"])
            found += f"; a lesson may import {known} and earlier lessons"
        return found
    return clean(f"{filename} could not be imported: {fault}", limit=500)


def list_titles(titles: Sequence[str]) -> str:
    """Quote titles of checks: ``“A” and “B”``."""
    return " and ".join(f"“{title}”" for title in titles)
