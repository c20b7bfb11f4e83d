"""Functions of an earlier lesson that ask for a value: each question belongs to a check."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import pytest

from grader.sandbox import wire
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import TimedOut
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.replies import Question
from grader.sandbox.session import Session

LIMITS = SandboxLimits(0.3, 20.0, 2.0, 256 * 2**20, 4096)
EARLIER = "def double(x): return 0"
LESSON = "from earlier import double\ndef quadruple(x): return double(double(x))"
#: It says that it is at the call with the number that it is given.
FORGER = """
import gc
from earlier import double

def at(position):
    for line in gc.get_objects():
        if type(line).__name__ == "Line":
            line.position = position
    return double(position)
"""
#: It asks on and on, and computes between its questions, or beside them.
BETWEEN = """
import time
from earlier import double

def quadruple(x):
    while True:
        end = time.process_time() + 0.02
        while time.process_time() < end: pass
        double(x)
"""
BESIDE = """
import threading
from earlier import double

def spin():
    while True: pass

def quadruple(x):
    threading.Thread(target=spin, daemon=True).start()
    while True: double(x)
"""


class Values:
    """Serves twice the argument; keeps for which check."""

    asking: Mapping[str, Sequence[str]] = MappingProxyType({"earlier": ["double"]})

    def __init__(self, kind: str = "value", *, seconds: float = 0.0) -> None:
        self.kind = kind
        self.seconds = seconds  # until it answers
        self.check = ""
        self.asked: list[tuple[str, int]] = []

    def begin(self, check: str) -> None:
        self.check = check

    def answer(self, question: Question) -> bytes:
        self.asked.append((self.check, question.args[0]))
        time.sleep(self.seconds)
        return wire.encode(
            ("value", 2 * question.args[0]) if self.kind == "value" else ("all own",)
        )


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Isolation.FULL, LIMITS) as started:
        yield started


def open_session(
    sandbox: Sandbox, lesson: str, foreseen: dict[str, list[int]], values: Values
) -> Session:
    name = "at" if "at(" in lesson else "quadruple"
    calls = {
        check: [wire.encode_call(name, [given], {}) for given in every]
        for check, every in foreseen.items()
    }
    programs = {
        "earlier": ("earlier.py", [EARLIER], False),
        "lesson": ("lesson.py", [lesson], False),
    }
    return Session(sandbox, "lesson", programs, calls, values=values)


def test_values_are_served_to_calls_that_are_made_ahead_each_for_its_own_check(
    sandbox: Sandbox,
) -> None:
    values = Values()
    with open_session(sandbox, LESSON, {"a": [1, 2], "b": [5]}, values) as session:
        session.load()
        assert values.asked == [("a", 1), ("a", 2), ("a", 2), ("a", 4), ("b", 5), ("b", 10)]
        session.begin("a")
        assert [session.call("quadruple", given).value for given in (1, 2)] == [4, 8]
        session.begin("b")
        assert session.call("quadruple", 5).value == 20
        assert session.only_foreseen_values
        session.call_ahead({"c": [wire.encode_call("quadruple", [3], {})]})
        assert values.asked[6:] == [("c", 3), ("c", 6)]


def test_a_program_cannot_go_back_to_an_earlier_check(sandbox: Sandbox) -> None:
    values = Values()
    with open_session(sandbox, FORGER, {"a": [1], "b": [0]}, values) as session:
        session.load()
        assert values.asked == [("b", 1)]  # then it went back, and the head start was forgotten
        session.begin("a")
        assert session.call("at", 1).value == 2
        assert values.asked[1:] == [("a", 1)]


def test_functions_that_compute_all_values_themselves_ask_once(sandbox: Sandbox) -> None:
    values = Values("all own")
    with open_session(sandbox, LESSON, {"a": [1, 2], "b": [5]}, values) as session:
        session.load()
        session.begin("c")
        assert session.call("quadruple", 7).value == 0
    assert values.asked == [("a", 1)]


@pytest.mark.parametrize(("lesson", "seconds"), [(BETWEEN, 0.0), (BESIDE, 0.03)])
def test_questions_give_a_call_no_more_time(sandbox: Sandbox, lesson: str, seconds: float) -> None:
    values = Values(seconds=seconds)
    with open_session(sandbox, lesson, {}, values) as session:
        session.load()
        session.begin("a")
        with pytest.raises(TimedOut, match=r"still computing after 0\.3 s"):
            session.call("quadruple", 1)
    assert len(values.asked) < 300
