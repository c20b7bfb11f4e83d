"""Explanations of failed checks for students: the call, the value that came back, and the reason.

The explanation of a hidden check has the call, the shape of the student's own value, and the
sentence of the check's author. Of its arguments that are numbers or texts, it has only the kind:
with the input, a student could write the answer down. The explanation of a visible check has the
numbers as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType, TracebackType
from typing import Any, Final

import numpy as np

from grader.checks import (
    code_excerpts,
    exception_advice,
    load_failures,
    missing_names,
    odd_lines,
    value_advice,
)
from grader.checks.descriptions import (
    DIGITS,
    MAX_NUMBERS,
    describe_call,
    describe_shape,
    describe_value,
    is_plain_list,
    numeric,
    show_arguments,
    show_contents,
    show_numbers,
)
from grader.checks.example_checks import ExampleFails
from grader.checks.handles import Handle
from grader.checks.pytest_internals import Failed, mismatched_pattern
from grader.checks.reference import ReferenceCallee
from grader.checks.student import Call
from grader.checks.taken_apart import values_of
from grader.checks.time_limit import CheckTookTooLong
from grader.results import Excerpt
from grader.results.message import Row, Rows, sentence
from grader.sandbox.faults import (
    FailureKind,
    MissingFunction,
    Raised,
    StudentFault,
    TimedOut,
    Unanswered,
    WrongReturn,
    WrongValue,
)
from grader.testing import ATOL, RTOL, Unequal, Unfit
from grader.text import clean, mask_long_numbers

#: Digits that are shown where fewer would be the same on both sides.
_MORE_DIGITS: Final = (8, 12, 17)

#: The explanation of a function that ends without `return`, and may print its result instead.
_NOTHING: Final = (
    Row("got", "None"),
    Row(
        "means",
        "does every way through the function end with `return`? "
        "(`print` shows a value, and returns None.)",
    ),
)


def explain(
    error: BaseException,
    call: Call | None,
    solution: ModuleType | None = None,
    *,
    hidden: bool,
    function: Excerpt | None = None,
    code: str = "",
) -> Rows:
    """Say what happened in a check that did not pass.

    Args:
        error: the exception that ended the check.
        call: the last call of the student's code, if there was one.
        solution: the lesson's reference, which knows what shape is expected.
        hidden: whether the check is hidden, so that its numbers are not shown.
        function: the student's function that was called last, whole.
        code: the whole lesson of the student's.
    """
    reference = getattr(solution, call.function, None) if call is not None else None
    if isinstance(error, Raised) and error.type_name == "NotImplementedError":
        return sentence(_about_not_implemented(error, function, reference))
    if isinstance(error, MissingFunction) and error.failure and error.failure.is_unwritten_answer:
        where = load_failures.describe_place(error.failure.place)
        return sentence(clean(f"not started: it is not there, and {where} is not replaced yet"))
    rows: list[Row] = []
    if call is not None:
        rows.append(Row("called", describe_call(call, hidden=hidden)))
        if not hidden:
            rows.append(Row("with", show_arguments(call)))
    if isinstance(error, StudentFault):
        rows += _about_fault(error, call, hidden=hidden, code=code)
        if isinstance(error, Raised):
            slip = odd_lines.name_plain_slip(function, reference)
            slip = slip or _say_who_calls(error, call, function)
            rows.append(Row("look at", slip))
    else:
        rows += _about_assertion(error, call, solution, hidden=hidden)
        if not any(row.label == "means" and row.text for row in rows):
            rows.append(Row("look at", odd_lines.name_odd_line(function, reference) or ""))
        elif call is None or call.value is not None:
            rows.append(Row("look at", odd_lines.name_plain_slip(function, reference) or ""))
    if call is not None and call.folder:
        rows = [Row(row.label, row.text.replace(call.folder, "tmp_path")) for row in rows]
    return tuple(row for row in rows if row.text)


def _say_who_calls(error: Raised, call: Call | None, function: Excerpt | None) -> str:
    """Say that the line that raised is in another function, which the called one called."""
    if call is None or function is None or len(function.lines) >= code_excerpts.MAX_LINES:
        return ""
    place = error.place
    if place is None or (
        place.filename == function.filename and place.line in dict(function.lines)
    ):
        return ""
    return f"this line is in what `{call.function}` calls: is it handed what it needs there?"


def _about_not_implemented(
    error: Raised, function: Excerpt | None, reference: Callable[..., object] | None
) -> str:
    line = error.place.line if error.place else 0
    if error.place is not None and odd_lines.find_code_above(function, line, reference):
        return (
            f"`{clean(error.place.text)}` still stands in line {error.place.line}, below your "
            "code: take it out"
        )
    return "not started: it still raises NotImplementedError"


def _about_fault(
    fault: StudentFault, call: Call | None, *, hidden: bool, code: str = ""
) -> list[Row]:
    words = fault.in_words
    if hidden and isinstance(fault, Raised | WrongReturn | MissingFunction):
        words = mask_long_numbers(words)  # the program wrote them, and may repeat its input
    words = clean(words)
    if isinstance(fault, Raised):
        rows = [Row("got", words.rstrip())]
        if fault.place is not None:
            place = fault.place
            rows.append(Row("at", clean(f"{place.filename}, line {place.line}: {place.text}")))
        own = exception_advice.on_own_raise(fault) if call else None
        rows.append(Row("means", own or exception_advice.on_exception(fault, code) or ""))
        return rows
    if isinstance(fault, WrongReturn):
        return [
            Row("got", words),
            Row("expected", "plain numbers, lists, tuples or numeric arrays"),
            Row("means", value_advice.on_return(words) or ""),
        ]
    if isinstance(fault, WrongValue | Unanswered):
        return [Row("got", words)]
    if isinstance(fault, MissingFunction):
        return _about_missing(fault, call.function if call else "", words, code)
    rows = [Row("got", f"no answer: {words}")]
    return [*rows, Row("look at", value_advice.ON_TIME)] if isinstance(fault, TimedOut) else rows


def _about_missing(fault: MissingFunction, name: str, words: str, code: str) -> list[Row]:
    """Explain why there is no function to call, or no value to read."""
    if fault.failure is not None:
        name = name or "".join(fault.failure.names[:1])  # a value that a check asks for
        if fault.failure.kind is FailureKind.CELL:  # the lesson's note has told what is wrong there
            place = load_failures.describe_place(fault.failure.place)
            said = f"no answer: `{name}` is not there, since the cell of {place} does not compile"
            return [Row("got", clean(said, limit=500))]
        why = load_failures.tell(fault.failure, advise=False)
        said = clean(f"no answer: `{name}` is not there, since {why}", limit=500)
        return [Row("got", said), Row("means", load_failures.meaning_of(fault.failure))]
    if fault.bound_at is not None:
        where = load_failures.describe_place(fault.bound_at)
        kind = words.removeprefix("it is ").removesuffix(", not a function")
        said = clean(f"no answer: `{name}` is {kind} at the end: {where} gives the name to it")
        return [Row("got", said), Row("means", "give one of the two another name")]
    called = f" called `{name}`" if name else ""
    subject = "nothing" if words.startswith("there is nothing") else "no function"
    rows = [Row("got", f"no answer: there is {subject}{called} in your file")]
    if name and (inside := missing_names.find_inner_definition(name, code)):
        rows.append(Row("means", clean(inside, limit=300)))
    elif fault.similar:
        rows.append(Row("means", f"`{fault.similar}` is there; did you mean `{name}`?"))
    return rows


def _about_assertion(
    error: BaseException, call: Call | None, solution: ModuleType | None, *, hidden: bool
) -> list[Row]:
    if call is not None and call.raised is not None:
        return [*_about_fault(call.raised, call, hidden=hidden), _about_message(error, hidden)]
    if isinstance(error, ExampleFails):
        return [*error.rows, *_about_object(call)]
    if call is not None and call.value is None:
        return [*_NOTHING]
    if isinstance(error, Unfit):
        means = value_advice.on_kind(error.got, error.expected)
        if means is None and call is not None:
            means = value_advice.on_shape(error.got, error.expected, call.arguments)
        return [Row("got", error.got), Row("expected", error.expected), Row("means", means or "")]
    compared = compared_by(error)
    rows: list[Row] = []
    if compared is not None and not hidden:
        rows += [*_side_by_side(compared), Row("means", _meaning_of_nan(compared))]
    elif call is not None:
        got = describe_value(call.value, hidden=hidden)
        if not hidden:
            got = _show_finite(call.value) or show_contents(call.value) or got
        rows.append(Row("got", got))
        rows.append(Row("expected", _expected_shape(call, solution) or ""))
    why = _authors_sentence(error, compared) or ("" if hidden else _quoted(error))
    because = [Row("why", clean(why, limit=400))]
    # A program may claim to have changed arguments that it was never given.
    changed = (
        " and ".join(argument for argument in call.arguments if argument in call.changed)
        if call
        else ""
    )
    if changed and code_excerpts.is_about_changes(error):
        because = [Row("changed", f"{changed}, which was yours to read only"), *because]
    elif changed:
        because.append(Row("changed", f"{changed}, too: work on a copy, the caller still needs it"))
    return [*rows, *because, *_about_object(call)]


def _quoted(error: BaseException) -> str:
    """The plain assert that failed, and its values."""
    quoted, values = code_excerpts.quote_assert(error), values_of(error)
    if not (quoted and values) or f"`{values}`" in quoted:
        return quoted
    left, where, rest = values.partition(", where ")
    return f"{quoted}; here that is `{left}`{where}{rest}"


def _show_finite(value: object) -> str:
    """The numbers of a small array; empty where one is not finite, since their count says more."""
    array = numeric(value) if isinstance(value, np.ndarray) else None
    return show_numbers(array) if array is not None and np.isfinite(array).all() else ""


def _about_object(call: Call | None) -> list[Row]:
    """What is meant if an object came back that is no answer, such as an exception."""
    if call is None or not isinstance(call.value, Handle | type):
        return []
    return [Row("means", value_advice.on_object(describe_value(call.value)) or "")]


def _about_message(error: BaseException, hidden: bool) -> Row:
    """Explain why a function's exception is not the one that the check expects."""
    if pattern := mismatched_pattern(error):
        if hidden:  # pytest's sentence repeats the exception's text, which may repeat the input
            return Row("why", "an exception was due here, and its message says something else")
        return Row("expected", clean(f"an exception whose message fits {pattern}"))
    return Row("why", clean(_authors_sentence(error, None), limit=400))


def _expected_shape(call: Call, solution: ModuleType | None) -> str | None:
    """The shape of the reference's value for this call, if the student's has another."""
    if solution is None:
        return None
    try:
        right = ReferenceCallee(solution).call(call.function, **call.arguments)
    except Exception:  # noqa: BLE001  (an argument has no name, or is meant to be refused)
        return None
    due, got = right.value, call.value
    as_long = isinstance(got, list) and isinstance(due, list) and len(got) == len(due)
    if is_plain_list(due) and not as_long:
        return describe_value(due)
    expected = describe_shape(due)
    return None if expected == describe_shape(got) else expected


def _side_by_side(compared: Mapping[str, Any]) -> list[Row]:
    """Both sides of a comparison: all numbers if they are few, else the first that differs."""
    if not {"actual", "desired"} <= compared.keys():
        return []
    actual, desired = compared["actual"], compared["desired"]
    subject = f"{compared['of']} " if compared.get("of") else ""
    one = _one_that_differs(actual, desired)
    if one is not None:
        got, expected = one
    else:
        got = expected = ""
        for digits in (DIGITS, *_MORE_DIGITS):
            got = show_numbers(actual, prefix=subject, digits=digits)
            expected = show_numbers(desired, prefix=subject, digits=digits)
            if got != expected:
                break
    for name, value in compared.get("beside", {}).items():
        got += f", {name} {show_numbers(value)}"
    return [Row("got", subject + got), Row("expected", subject + expected)]


def _meaning_of_nan(compared: Mapping[str, Any]) -> str:
    """What nan comes from; empty if there is none, or if the right answer has it, too."""
    mine, right = numeric(compared.get("actual")), numeric(compared.get("desired"))
    if mine is None or right is None or np.isnan(right).any():
        return ""
    return value_advice.ON_NAN if np.isnan(mine).any() else ""


def _one_that_differs(actual: object, desired: object) -> tuple[str, str] | None:
    """The first difference of two large arrays, and the number of all; None for other values."""
    mine, right = numeric(actual), numeric(desired)
    if mine is None or right is None or mine.shape != right.shape or mine.size <= MAX_NUMBERS:
        return None
    differs = ~np.isclose(mine, right, rtol=RTOL, atol=ATOL)
    if not differs.any():  # a comparison stricter than ours
        return None
    # A check may compare two results of the student's, both of them with nan.
    comparable = differs & (np.isfinite(right) | np.isfinite(mine))
    if not comparable.any():
        return describe_value(mine), "finite numbers"
    where = tuple(int(index) for index in np.argwhere(comparable)[0])
    place = f"[{', '.join(map(str, where))}]"
    both = (mine[where], right[where])
    digits = next(
        count for count in (DIGITS, *_MORE_DIGITS) if len({f"{n:.{count}g}" for n in both}) > 1
    )
    got = f"{describe_value(mine)}, with {mine[where]:.{digits}g} at {place}"
    expected = f"{right[where]:.{digits}g} at {place}"
    return got, f"{expected}; {int(differs.sum())} of {mine.size} numbers differ"


def _authors_sentence(error: BaseException, compared: Mapping[str, Any] | None) -> str:
    """The message that the check's author gave to the assertion; empty if there is none."""
    if compared is not None:
        return str(compared.get("why", compared.get("err_msg", "")))
    if isinstance(error, Failed | CheckTookTooLong):
        return str(error)
    if isinstance(error, AssertionError):
        return str(error)
    if isinstance(error, MemoryError):
        return "what came back makes the check need more memory than there is, and it was stopped"
    return ""  # the check itself broke, on a value that it did not expect


def compared_by(error: BaseException) -> Mapping[str, Any] | None:
    """The values that a failed assertion compared, if it is ours or one of ``numpy.testing``.

    The values of numpy's are read from its frame, because its exception has them only as text.
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
