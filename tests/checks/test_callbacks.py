"""Functions that a check hands over: they are called from the sandbox, and run on our side."""

from __future__ import annotations

from typing import Final

import pytest
from one_lesson_class import Grade, check_file, message_of, statuses_of

PROGRAM: Final = """
import functools

class Box:
    def __init__(self, n): self.n = n
    def double(self): return Box(2 * self.n)

def double(x): return 2 * x
def gradient(f, x, h=1e-6): return (f(x + h) - f(x - h)) / (2 * h)
def rank(words, key=None): return sorted(words, key=key)
def twice(f):
    @functools.wraps(f)
    def inner(*args): return f(f(*args))
    return inner
def safe(f, x, kind=ValueError):
    try:
        return f(x)
    except kind as error:
        return f"{type(error).__name__}: {error}"
def retry(f, times):
    for n in range(times):
        try:
            return f()
        except OSError:
            pass
    raise TimeoutError("gave up")
def each(f, items):
    for item in items:
        f(item)
def compose(f, g): return lambda x: f(g(x))
def lazily(f, items):
    for item in items:
        yield f(item)
def convert(kind, x): return kind(x)
def boxed(f): return f(Box(3))
def same(f): return f
def nested(f): return f(lambda x: x + 1)
"""

RIGHT: Final = {
    "a function of numbers": "assert abs(student.gradient(lambda x: x * x, 3.0) - 6) < 1e-3",
    "a key": "assert student.rank(['bb', 'a'], key=len) == ['a', 'bb']",
    "a decorator": (
        "def plus(x):\n    return x + 1\n"
        "both = student.twice(plus)\nassert both(1) == 3 and both.__name__ == 'plus'"
    ),
    "an exception on our side": (
        "def fail(x):\n    raise ValueError('no', x)\n"
        "assert student.safe(fail, 1) == \"ValueError: ('no', 1)\"\n"
        "with pytest.raises(ValueError):\n    student.gradient(fail, 1)"
    ),
    "a spy": (
        "from unittest.mock import Mock\nspy = Mock(return_value=None)\n"
        "student.each(spy, [1, 2])\nassert [it.args for it in spy.call_args_list] == [(1,), (2,)]"
    ),
    "a function that fails at first": (
        "calls = []\ndef flaky():\n    calls.append(1)\n    if len(calls) < 3:\n"
        "        raise OSError\n    return 'done'\nassert student.retry(flaky, 5) == 'done'"
    ),
    "functions in and out": (
        "h = student.compose(lambda x: x + 1, lambda x: x * 10)\nassert h(2) == 21\n"
        "f = lambda x: x\nassert student.same(f) is f and student.convert(int, '5') == 5"
    ),
    "a generator": "assert list(student.lazily(lambda x: -x, [1, 2])) == [-1, -2]",
    "an object of the student's": "assert student.boxed(lambda box: box.double().n) == 6",
    "a call back into the student's code": (
        "assert student.gradient(lambda x: student.double(x), 1.0) > 1.9\n"
        "assert student.nested(lambda f: f(1) + f(2)) == 5"
    ),
    "glue": (
        "glue = student.glue('class Big(Box):\\n    def double(self): return 99\\n"
        "def square(x): return x * x')\n"
        "assert abs(student.gradient(glue.square, 3.0) - 6) < 1e-3\n"
        "assert glue.Big(1).double() == 99 and isinstance(glue.Big(1), student.Box)"
    ),
}


@pytest.mark.slow
def test_checks_hand_over_functions(grade: Grade) -> None:
    lesson = grade({"ada": PROGRAM}, check_file(*RIGHT.values()), solution=PROGRAM)["ada"]
    wrong = {
        name: message_of(lesson, number)
        for number, name in enumerate(RIGHT)
        if lesson.checks[number].status != "passed"
    }
    assert wrong == {}


#: A check, a slip in the student's program, and what the check ends with.
SLIPS: Final = {
    "an assertion that the program swallows": (
        "def see(x):\n    assert x == 5\nstudent.each(see, [5])",
        "def each(f, items):\n    try:\n        f(4)\n    except BaseException: pass",
        "failed",
    ),
    "calls without end": (
        "student.each(abs, [1])",
        "def each(f, items):\n    while True: f(1)",
        ("timeout", "crashed"),
    ),
    "calls in calls": (
        "assert student.nested(lambda f: 5) == 5",
        "def nested(f):\n    def again(*_): return f(again)\n    return f(again)",
        "passed",
    ),
    "calls back and forth without end": (
        "assert student.nested(lambda f: f(1)) == 2",
        "def nested(f):\n    def again(x): return f(again)\n    return f(again)",
        "failed",
    ),
    "a function that comes too late": (
        "student.each(abs, [1])\nassert student.double(2) == 4",
        "import threading\ndef each(f, items):\n    threading.Timer(0.01, lambda: f(1)).start()",
        "passed",
    ),
    "a lost process": (
        "student.each(abs, [1])",
        "import os\ndef each(f, items):\n    f(1)\n    os._exit(0)",
        "crashed",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SLIPS)
def test_what_a_program_does_with_a_function_costs_its_own_check_alone(
    grade: Grade, name: str
) -> None:
    check, slip, status = SLIPS[name]
    checks = check_file(check, "assert student.double(2) == 4")
    lesson = grade({"ada": f"{PROGRAM}\n{slip}"}, checks, solution=PROGRAM)["ada"]
    first, second = statuses_of(lesson)
    assert first in status, message_of(lesson)
    assert second == "passed", message_of(lesson, 1)


def test_a_function_of_the_references_is_not_handed_over(grade: Grade) -> None:
    check = check_file(
        "assert student.convert(reference.double, 2) == 4",
        "assert list(student.each(print, reference.numbers())) == []",
        "assert student.convert(abs, -2) == 2",
    )
    program = f"{PROGRAM}\ndef numbers(): yield 7\n"
    lesson = grade({"ada": program}, check, solution=program)["ada"]
    assert statuses_of(lesson) == ["grader_error", "grader_error", "passed"]
    assert "hand over none of the reference's" in message_of(lesson)


@pytest.mark.slow
def test_an_iterator_of_the_checks_gives_its_items_one_by_one(grade: Grade) -> None:
    program = (
        "def first(items): return next(items)\n"
        "def pairs(a, b): return list(zip(a, b))\n"
        "def rest(items): return [item for item in items]\n"
    )
    check = check_file(
        "items = iter([1, 2, 2, 3])\n"
        "assert student.first(items) == 1 and student.first(items) == 2\n"
        "assert next(items) == 2\n"
        "assert student.rest(items) == [3] and student.rest(items) == []",
        "import itertools\n"
        "assert student.pairs(itertools.count(), iter('ab')) == [(0, 'a'), (1, 'b')]",
        "def broken():\n    yield 1\n    raise KeyError('k')\n"
        "with pytest.raises(KeyError):\n    student.rest(broken())",
        "import itertools\nstudent.rest(itertools.count())",
    )
    lesson = grade({"ada": program}, check, solution=program)["ada"]
    assert statuses_of(lesson) == ["passed", "passed", "passed", "grader_error"]
    assert "in the sandbox: it " in message_of(lesson, 3)  # too long, or too often
