"""What a student's function returns or raises reaches a check as the reference's would."""

from __future__ import annotations

from typing import Any, Final

import pytest
from one_lesson_class import Grade, check_file, message_of, statuses_of

from grader.checks.course_checks import CourseChecks, Rehearsed
from grader.checks.rehearsal import rehearse
from grader.grading import examiner
from grader.sandbox import wire

#: What a function may return, and the plain value that a check compares it with.
RELATIVES: Final = {
    "Counter('abca')": {"a": 2, "b": 1, "c": 1},
    "defaultdict(int, a=1)": {"a": 1},
    "OrderedDict(a=1, b=2)": {"a": 1, "b": 2},
    "dict(a=1, b=2).keys()": ["a", "b"],
    "dict(a=1, b=2).values()": [1, 2],
    "dict(a=1).items()": [("a", 1)],
    "deque([1, 2])": [1, 2],
    "Pair(1, 2)": (1, 2),
    "Pair(Counter('aa'), [deque([0, 1])])": ({"a": 2}, [[0, 1]]),
    "UserList([1, 2])": [1, 2],
    "UserDict(a=1)": {"a": 1},
    "array('d', [1.0, 2.5])": [1.0, 2.5],
    "bytearray(b'ab')": b"ab",
    "Fraction(1, 4)": 0.25,
    "Decimal('0.5')": 0.5,
    "{np.int64(1): 2}": {1: 2},
    "np.array(['a'])[0]": "a",
}
HEAD: Final = """
from array import array
from collections import Counter, OrderedDict, UserDict, UserList, defaultdict, deque, namedtuple
from decimal import Decimal
from fractions import Fraction
import numpy as np
Pair = namedtuple("Pair", "left right")
"""


def test_relatives_of_plain_types_are_the_plain_values_that_they_hold(grade: Grade) -> None:
    body = f"assert student.double(1) == {[*RELATIVES.values()]!r}"
    program = f"{HEAD}\ndef double(_): return [{', '.join(RELATIVES)}]"
    plain = f"def double(_): return {[*RELATIVES.values()]!r}"
    lesson = grade({"ada": program}, check_file(body), solution=plain)["ada"]
    assert statuses_of(lesson) == ["passed"], message_of(lesson)


@pytest.mark.parametrize("value", ["(n for n in [1])", "map(abs, [1])", "zip([1])"])
def test_what_gives_its_values_once_does_not_cross(grade: Grade, value: str) -> None:
    lesson = grade({"ada": f"def double(_): return {value}"}, check_file("student.double(1)"))
    assert statuses_of(lesson["ada"]) == ["failed"]
    assert "plain numbers, lists, tuples or numeric arrays" in message_of(lesson["ada"])


ON_EXCEPTIONS: Final = check_file(
    "with pytest.raises(ValueError, match='^lengths 2 and 3$'):\n    student.double([1, 2])",
    "with pytest.raises(ValueError) as caught:\n    student.double([1, 2])\n"
    "assert str(caught.value) == 'lengths 2 and 3'",
    "with pytest.raises(KeyError) as caught:\n    student.double('key')\n"
    "assert caught.value.args == ('key', 3)",
    "with pytest.raises(FileNotFoundError, match='No such file'):\n    student.double(None)",
    "try:\n    student.double([1, 2])\nexcept ValueError as error:\n"
    "    assert type(error).__name__ == 'ValueError'\n    assert error.args[0].endswith('3')",
)
RAISES: Final = """
def double(x):
    if x is None:
        open("/nowhere/at/all")
    if x == "key":
        raise KeyError(x, 3)
    raise ValueError(f"lengths {len(x)} and 3")
"""


def test_a_check_sees_an_exception_as_it_was_raised(grade: Grade) -> None:
    lesson = grade({"ada": RAISES}, ON_EXCEPTIONS, solution=RAISES)["ada"]
    assert statuses_of(lesson) == ["passed"] * 5, [message_of(lesson, n) for n in range(5)]


def test_another_message_fails_and_hidden_inputs_stay_hidden(grade: Grade) -> None:
    check = check_file(
        "with pytest.raises(ValueError, match='lengths'):\n    student.double(271828.25)"
    )
    program = "def double(x): raise ValueError(f'it was {x}')"
    solution = "def double(x): raise ValueError('lengths')"
    visible = check.replace("test_a", "test_v")
    lesson = grade({"ada": program}, check, visible=visible, solution=solution)["ada"]
    assert statuses_of(lesson) == ["failed", "failed"]
    assert "ValueError: it was 271828.25" in message_of(lesson, 0)
    assert "an exception whose message fits 'lengths'" in message_of(lesson, 0)
    assert "271828" not in message_of(lesson, 1)
    assert "its message says something else" in message_of(lesson, 1)


OWN_EXCEPTIONS: Final = """
class TooFar(Exception): pass
class MuchTooFar(TooFar, ValueError): pass
class NoError(OSError): pass
def double(x):
    if x > 9: raise MuchTooFar("no", x)
    if x < 0: raise NoError(2, "below")
    raise TooFar("yes")
"""
ON_OWN_EXCEPTIONS: Final = check_file(
    "with pytest.raises(student.TooFar, match='yes'):\n    student.double(1)",
    "with pytest.raises(student.TooFar) as caught:\n    student.double(10)\n"
    "assert caught.value.args == ('no', 10)\nassert isinstance(caught.value, ValueError)",
    "try:\n    student.double(-1)\nexcept student.NoError as error:\n"
    "    assert isinstance(error, OSError)\nelse:\n    assert False",
    "with pytest.raises(student.MuchTooFar):\n    student.double(1)",
)


def test_a_check_expects_the_students_own_class_of_exceptions(grade: Grade) -> None:
    lesson = grade({"ada": OWN_EXCEPTIONS}, ON_OWN_EXCEPTIONS, solution=OWN_EXCEPTIONS)["ada"]
    assert statuses_of(lesson) == ["passed", "passed", "passed", "grader_error"]
    other = OWN_EXCEPTIONS.replace("raise MuchTooFar", "raise RuntimeError")
    lesson = grade({"bob": other}, ON_OWN_EXCEPTIONS, solution=OWN_EXCEPTIONS)["bob"]
    assert statuses_of(lesson) == ["passed", "failed", "passed", "grader_error"]
    assert "RuntimeError: ('no', 10)" in message_of(lesson, 1)


def test_a_check_reads_what_an_argument_holds_after_the_call(grade: Grade) -> None:
    program = "def double(x, y=0, *more): x.append(sum(x)); return None"
    body = (
        "call = student.call('double', [1, 2], 5)\n"
        "assert call.changed == ('x',)\nassert call.after == {'x': [1, 2, 3], 'y': 5}"
    )
    lesson = grade({"ada": program}, check_file(body), solution=program)["ada"]
    assert statuses_of(lesson) == ["passed"], message_of(lesson)
    other = program.replace("sum(x)", "object()")
    assert statuses_of(grade({"bob": other}, check_file(body), solution=program)["bob"]) == [
        "failed"
    ]


EXPECTS_IT: Final = (
    "with pytest.raises(student.TooFar, match='no') as caught:\n    student.double(7)"
)
WITH_MORE: Final = """
class TooFar(Exception):
    def __init__(self, text, by):
        super().__init__(text)
        self.by = by
def double(x): raise TooFar("no", x)
"""


def test_a_check_holds_an_exception_only_if_it_asks_it_for_more(
    grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsed: dict[str, Rehearsed] = {}

    def rehearse_and_tell(checks: CourseChecks, *args: Any, **kwargs: Any) -> None:
        rehearse(checks, *args, **kwargs)
        rehearsed.update(checks["double"].rehearsed)

    monkeypatch.setattr(examiner, "rehearse", rehearse_and_tell)
    checks = check_file(EXPECTS_IT, f"{EXPECTS_IT}\nassert caught.value.by == 7")
    lesson = grade({"ada": WITH_MORE}, checks, solution=WITH_MORE)["ada"]
    assert statuses_of(lesson) == ["passed", "passed"], message_of(lesson, 1)
    assert not rehearsed["test_a"].handles
    assert rehearsed["test_a"].calls == (wire.encode_call("double", (7,), {}),)  # made ahead
    assert rehearsed["test_b"].handles == frozenset({"double()"})
    assert not rehearsed["test_b"].calls
