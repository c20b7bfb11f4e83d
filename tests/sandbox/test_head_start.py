"""Calls made ahead: whatever a program remembers, a check sees its own calls, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import dedent
from typing import Any

import pytest

from grader.sandbox.client import Sandbox
from grader.sandbox.faults import TimedOut
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.session import Session
from grader.sandbox.wire import encode_call

LIMITS = SandboxLimits(0.3, 20.0, 2.0, 256 * 2**20, 4096)

#: What a program may remember: how often it was called, what it was given, a generator.
STATEFUL = """
import numpy as np
calls, seen, rng, size = 0, [], np.random.default_rng(0), 10**6
def count():
    global calls
    calls += 1
    return calls
def fit(x): seen[:] = [x]
def predict(): return seen[0]
def draw(): return int(rng.integers(10**9))
def hang():
    while True: pass
def shrink():
    global size
    size = 1
def large():
    count()
    return np.zeros(size)
def fill():
    if size > 1: raise MemoryError
"""

Call = tuple[str, list[Any]]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Isolation.FULL, LIMITS) as started:
        yield started


def outcomes(
    sandbox: Sandbox, foreseen: Mapping[str, Sequence[Call]], made: Mapping[str, Sequence[Call]]
) -> dict[str, list[Any]]:
    """Make each check's calls in a session that has foreseen others."""
    encoded = {
        check: [encode_call(name, args, {}) for name, args in calls]
        for check, calls in foreseen.items()
    }
    program = {"lesson": ("lesson.py", [dedent(STATEFUL)], False)}
    values: dict[str, list[Any]] = {}
    with Session(sandbox, "lesson", program, encoded) as session:
        session.load()
        for check, calls in made.items():
            session.begin(check)
            values[check] = [session.call(name, *args).value for name, args in calls]
    return values


FIT_1: Call = ("fit", [1])
FIT_2: Call = ("fit", [2])
PREDICT: Call = ("predict", [])


def test_a_check_that_leaves_what_was_foreseen_finds_what_its_own_calls_left(
    sandbox: Sandbox,
) -> None:
    foreseen = {"a": [FIT_1], "b": [FIT_2, PREDICT]}
    made = {"a": [FIT_1, PREDICT], "b": [FIT_2, PREDICT]}
    assert outcomes(sandbox, foreseen, made) == {"a": [None, 1], "b": [None, 2]}


@pytest.mark.parametrize("ahead", range(5))
def test_a_counter_goes_up_by_one_wherever_the_foreseen_calls_end(
    sandbox: Sandbox, ahead: int
) -> None:
    count: Call = ("count", [])
    foreseen = {"a": [count] * ahead, "b": [count] * 3}
    made = outcomes(sandbox, foreseen, {"a": [count] * 4, "b": [count] * 3})
    for values in made.values():
        assert values == list(range(values[0], values[0] + len(values)))


def test_calls_are_repeated_also_if_their_replies_are_too_large_together(sandbox: Sandbox) -> None:
    foreseen: dict[str, list[Call]] = {"a": [("shrink", [])], "b": [("large", [])] * 3}
    made = {"b": [*foreseen["b"], ("count", [])]}  # in a process of its own, nothing has shrunk
    assert outcomes(sandbox, foreseen, made)["b"][-1] == 4


def test_calls_are_repeated_also_after_one_that_runs_out_of_memory(sandbox: Sandbox) -> None:
    foreseen: dict[str, list[Call]] = {"a": [("shrink", [])], "b": [("fill", []), ("count", [])]}
    made = {"b": [*foreseen["b"], ("count", [])]}  # in a process of its own, nothing has shrunk
    assert outcomes(sandbox, foreseen, made)["b"][-1] == 2


def test_a_generator_goes_on_where_the_same_checks_calls_left_it(sandbox: Sandbox) -> None:
    draw: Call = ("draw", [])
    alone = outcomes(sandbox, {}, {"a": [draw] * 4})["a"]
    assert outcomes(sandbox, {"a": [draw] * 2, "b": [draw]}, {"a": [draw] * 4})["a"] == alone


def test_the_calls_that_are_made_again_are_timed_too(sandbox: Sandbox) -> None:
    hang: Call = ("hang", [])
    with pytest.raises(TimedOut):
        outcomes(sandbox, {"a": [FIT_1]}, {"a": [FIT_1, hang]})


def encoded(*calls: Call) -> list[bytes]:
    return [encode_call(name, args, {}) for name, args in calls]


@pytest.fixture
def session(sandbox: Sandbox) -> Iterator[Session]:
    program = {"lesson": ("lesson.py", [dedent(STATEFUL)], False)}
    with Session(sandbox, "lesson", program, {"a": encoded(("count", []))}) as session:
        session.load()
        yield session


def test_more_calls_are_made_ahead_in_the_same_process(session: Session) -> None:
    session.call_ahead({"b": encoded(FIT_2, PREDICT), "c": encoded(("count", []))})
    for check, function, value in [("a", "count", 1), ("b", "fit", None), ("c", "count", 2)]:
        assert len(session.begin(check)) == len({"a": "1", "b": "12", "c": "1"}[check])
        assert session.call(function, *([2] if check == "b" else [])).value == value
        assert session.only_foreseen_values


@pytest.mark.slow
def test_a_hang_in_more_calls_costs_no_answer_that_is_there(session: Session) -> None:
    session.call_ahead({"b": encoded(("count", [])), "c": encoded(("hang", []))})
    session.begin("a")
    assert session.call("count").value == 1
    assert session.begin("b") == []
    assert session.call("count").value == 1  # in a fresh process
    session.begin("c")
    with pytest.raises(TimedOut):
        session.call("hang")


def test_more_calls_after_a_crash_are_made_when_they_come(session: Session) -> None:
    session.begin("a")
    with pytest.raises(TimedOut):
        session.call("hang")
    session.call_ahead({"b": encoded(("count", []))})
    assert session.begin("b") == []
    assert session.call("count").value == 1
