"""Whatever a student's function replies, it is put into words: short, harmless, and always."""

from __future__ import annotations

import csv as csv_format
import io
import json as json_format
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from plain_values import ANY_TEXT, TEXT, VALUES
from rich.console import Console

from grader.checks.descriptions import describe_value, show_numbers
from grader.checks.explanations import explain
from grader.checks.load_failures import explain_import
from grader.checks.outcomes import status_of
from grader.checks.student import Call, Student
from grader.reports import class_table, csv, json
from grader.results import CheckResult, LessonResult, LessonStatus, Report, Status, StudentResult
from grader.results.message import read, write
from grader.sandbox import wire
from grader.sandbox.faults import Crashed, Raised, StudentFault
from grader.sandbox.held_objects import HeldObjects
from grader.sandbox.replies import Loaded, ProgramRun, Returned, read_reply
from grader.text import clean


def explained(error: BaseException, call: Call | None, *, hidden: bool) -> str:
    return write(explain(error, call, hidden=hidden))


#: What one line about a reply may have; 500 is the longest that the grader cuts anything to.
LONGEST_LINE = 1_000


def assert_harmless(text: str) -> None:
    """Short lines, and nothing in them that acts on a terminal or on what is read after it."""
    for line in text.split("\n"):
        assert len(line) <= LONGEST_LINE
        assert clean(line, LONGEST_LINE) == line
    assert text.count("\n") < 30  # a matrix of few numbers takes a line for each row


# ------------------------------------------------------------------------------ replies

NAMES = st.sampled_from([
    "ValueError", "KeyError", "NotImplementedError", "SyntaxError", "OSError", "BaseException",
    "SystemExit", "KeyboardInterrupt", "MemoryError", "RecursionError", "UnicodeDecodeError",
    "ExceptionGroup", "print", "__import__", "SandboxError",
])  # fmt: skip
TEXTS = TEXT | NAMES | st.sampled_from(["x" * 10**5, "\x1b]0;title\a", "\u202e" * 500, "a\nb\rc\0"])
PLACES = st.none() | st.tuples(TEXTS, st.integers(-(2**70), 2**70), TEXTS) | VALUES
DESCRIBED = st.tuples(TEXTS, TEXTS, TEXTS, PLACES) | VALUES
CHANGED = st.lists(st.integers(-3, 2**70) | TEXTS | VALUES, max_size=5) | VALUES
REPLIES = st.one_of(
    st.tuples(st.just("ok"), VALUES, CHANGED),
    st.tuples(st.just("raised"), DESCRIBED),
    st.tuples(st.just("loaded"), st.lists(DESCRIBED, max_size=2), st.lists(st.binary())),
    st.tuples(st.sampled_from(["missing", "unsendable", "out_of_memory"]), TEXTS | VALUES),
    st.lists(VALUES | NAMES, max_size=4).map(tuple),
    VALUES,
)


class Canned:
    """A session whose program gave this reply."""

    def __init__(self, reply: Any) -> None:
        self.reply = read_reply(wire.encode(reply, trusted=True))
        self.held = HeldObjects()
        self.workers = 0

    def use(self, operation: str, args: object, kwargs: object, key: str) -> Returned:
        return self.call(operation)

    def look_up(self, name: str) -> Returned:
        return self.call(name)

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        if isinstance(self.reply, Returned):
            return self.reply
        raise self.reply if isinstance(self.reply, StudentFault) else Crashed("no answer")

    def value(self, name: str, *keys: str) -> Returned:
        return self.call(name)

    def value_after(self, cell: int | str, name: str, *keys: str) -> Returned:
        return self.call(name)

    def stand_after(self, cell: int | str | None) -> None:
        pass

    def run(self, *_: object) -> ProgramRun:
        return ProgramRun("", "", 0)

    def source(self, name: str) -> str:
        return name


CHECKS: list[Callable[[Any], object]] = [
    lambda value: np.testing.assert_allclose(value, 1.0, err_msg="ones are wanted"),
    lambda value: np.testing.assert_allclose(value, np.ones((3, 5)), rtol=1e-6),
    lambda value: np.testing.assert_array_equal(value, [1, 2]),
    lambda value: operator.truth(value == 4) or pytest.fail("four is wanted"),
    lambda value: value.sum(axis=-1),
    lambda value: [float(part) for part in value],
    lambda value: pytest.fail(f"{type(value)} is not wanted"),
]


def end_of(check: Callable[[Any], object], reply: Any) -> tuple[BaseException | None, Student]:
    """What a check ends with on a student who gives this reply."""
    student = Student()
    student.begin_check(Canned(reply), np)
    try:
        with np.errstate(all="ignore"):
            check(student.f(np.ones(2)))
    except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 -- as the plugin does
        return student.fault or error, student
    return None, student


@pytest.mark.slow
@given(REPLIES)
@example(("ok", 1, [10**5000]))
@example(("ok", 1, ["x" * 10**6]))
@example(("raised", ("A", "ValueError", "x", ("f", 10**5000, "t"))))
def test_any_reply_is_a_value_or_a_fault_with_short_names(reply: Any) -> None:
    given = read_reply(wire.encode(reply, trusted=True))
    assert isinstance(given, Returned | Loaded | StudentFault)
    if isinstance(given, Returned):
        assert all(len(str(key)) <= 200 for key in given.changed)
    elif isinstance(given, StudentFault):
        assert str(given)
        status_of(given)
        assert_harmless(explain_import(given, "lesson.py"))
        assert_harmless(explained(given, None, hidden=True))


@given(st.binary(max_size=200))
def test_any_bytes_in_a_replys_place_are_a_fault_or_a_value(data: bytes) -> None:
    assert isinstance(read_reply(data), Returned | Loaded | StudentFault)


@pytest.mark.filterwarnings("ignore")  # numpy's, about what it is made to compare
@given(REPLIES | st.tuples(st.just("ok"), VALUES, st.just([])), st.sampled_from(CHECKS))
@example(("ok", 10**5000, []), CHECKS[0])
@example(("ok", [10**5000], []), CHECKS[1])
@example(("ok", [[1.0], [1.0, 2.0]], []), CHECKS[2])
@example(("ok", np.zeros((1,) * 32), []), CHECKS[1])
@example(("ok", {"\x1b": 1}, []), CHECKS[3])
def test_a_check_that_fails_on_any_reply_is_explained(
    reply: Any, check: Callable[[Any], object]
) -> None:
    error, student = end_of(check, reply)
    for call in (student.last_call, None):
        for hidden in (True, False):
            if error is not None:
                assert_harmless(explained(error, call, hidden=hidden))
                status_of(error)


@given(VALUES)
@example(10**5000)
@example((10**5000, -(10**5000), "x" * 10**6))
@example(np.zeros((1,) * 32, "<c16"))
@example({"a" * 10**6: 1})
def test_any_value_is_described_in_a_short_line(value: Any) -> None:
    for words in (describe_value(value), *show_numbers(value).split("\n")):
        assert "\n" not in words
        assert_harmless(words)
        assert len(words) <= 400


@given(ANY_TEXT, ANY_TEXT, st.builds(Call, ANY_TEXT, st.dictionaries(TEXT, VALUES, max_size=3)))
def test_any_exception_text_is_cut_and_cleaned(name: str, text: str, call: Call) -> None:
    fault = Raised(name, text * 100, None)
    assert_harmless(explain_import(fault, "lesson.py"))
    assert_harmless(explained(fault, None, hidden=False))


# ------------------------------------------------------------------------------ reports


def report_of(name: str, message: str) -> Report:
    check = CheckResult("test_a", "A title.", Status.FAILED, 0.0, 1.0, read(message))
    lesson = LessonResult("one", LessonStatus.GRADED, 0.0, 1.0, message, (check,))
    return Report("tiny", "2026-11-20T17:00:00Z", "full", (StudentResult(name, (lesson,)),))


@given(TEXT, ANY_TEXT)
def test_no_name_and_no_message_breaks_a_report(name: str, message: str) -> None:
    report = report_of(name, message)
    text = "".join(json.render(report))
    assert text.isascii()
    assert json_format.loads(text)["students"][0]["lessons"][0]["message"] == message
    rows = list(csv_format.reader(io.StringIO(csv.render(report, ("one",)), newline="")))
    assert [len(row) for row in rows] == [4, 4]
    console = Console(file=io.StringIO(), width=100, color_system=None)
    with console.capture() as capture:
        console.print(class_table.render(report, ("one",)))
    assert all(clean(line, 500) == line for line in capture.get().splitlines())
