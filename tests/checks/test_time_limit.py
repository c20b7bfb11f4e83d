"""A check that what came back keeps at work: it is stopped, and costs nobody else anything."""

from __future__ import annotations

import gc
import signal
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from functools import partial
from types import ModuleType

import pytest
from one_lesson_class import GOOD, Grade, check_file, message_of, statuses_of

from grader.checks import runner, time_limit
from grader.checks.reference import ReferenceCallee
from grader.checks.student import Student
from grader.checks.time_limit import CheckTookTooLong, TimeLimit
from grader.grading.executors import local_executor
from grader.sandbox.data_folder import beside_data
from grader.sandbox.faults import OutOfMemory
from grader.sandbox.replies import Returned

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such timers")

FOREVER = "def double(x): return 10**15"


@pytest.mark.parametrize(
    "body",
    [
        "assert sum(1 for _ in range(student.double(2))) == 4",
        "value = student.double(2)\nwhile value > 4:\n"
        "    try: value -= 1\n    except Exception: pass",
        "value = student.double(2)\nwith pytest.raises(Exception):\n"
        "    for _ in range(value): pass\n    raise ValueError",
    ],
    ids=["it counts", "it goes on after errors", "it expects an error"],
)
def test_a_value_that_keeps_a_check_at_work_is_a_timeout_of_it_and_no_other(
    grade: Grade, body: str
) -> None:
    found = grade({"ada": GOOD, "ben": FOREVER, "cleo": GOOD}, check_file(body, "pass"))
    assert {name: statuses_of(lesson) for name, lesson in found.items()} == {
        "ada": ["passed", "passed"],
        "ben": ["timeout", "passed"],
        "cleo": ["passed", "passed"],
    }
    assert "kept the check at work for too long, and it was stopped" in message_of(found["ben"])


def test_a_comparison_that_needs_too_much_memory_is_told_as_that(grade: Grade) -> None:
    programs = {"ada": "def double(x): return [0] * 1000 if x == 2 else 2 * x", "ben": GOOD}
    body = "value = student.double(2)\nassert np.ones((2**40, np.size(value) - 1)).sum() == 0"
    found = grade(programs, check_file(f"import numpy as np\n{body}", "pass"))
    assert statuses_of(found["ada"]) == ["out_of_memory", "passed"]
    assert statuses_of(found["ben"]) == ["passed", "passed"]
    assert "more memory than there is" in message_of(found["ada"])


def test_values_that_together_are_more_than_a_check_can_hold_are_the_programs_fault() -> None:
    class NoRoomLeft(ReferenceCallee):
        def call(self, function: str, *args: object, **kwargs: object) -> Returned:
            raise MemoryError

    student = Student()
    student.begin_check(NoRoomLeft(ModuleType("double")), ModuleType("double"))
    with pytest.raises(OutOfMemory, match="more than the check can hold"):
        student.double(2)
    assert isinstance(student.fault, OutOfMemory), "even if the check catches it"
    assert student.our_error is None


@pytest.mark.slow
def test_all_that_a_lesson_uses_on_our_side_counts_as_its_time(grade: Grade) -> None:
    counts = "assert sum(1 for _ in range(student.double(2))) == 4"
    found = grade({"ada": FOREVER}, check_file(*[counts] * 12))
    last = found["ada"].checks[-1]
    assert last.status == "timeout"
    assert "for this whole lesson are used up" in str(last.message)


@pytest.mark.slow
def test_a_check_that_the_reference_keeps_at_work_is_broken(
    grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_limit, "CPU_SECONDS", 0.3)
    found = grade({"ada": GOOD}, check_file("student.double(2)\nwhile True: pass", "pass"))
    assert statuses_of(found["ada"]) == ["grader_error", "passed"]
    assert message_of(found["ada"]) == (
        "this check is broken, which costs nobody a point: on the reference it goes on and on, and "
        "was stopped (at hidden/test_double.py:8)"
    )


@pytest.mark.slow
def test_the_time_that_a_students_code_takes_is_not_the_checks() -> None:
    away = TimeLimit(lambda: True)
    with away.ready(), away.limit():
        work(2 * 0.1)
    here = TimeLimit(lambda: False)
    with here.ready():
        with here.limit():
            time.sleep(0.3)
        work(0.3)  # between two checks


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_limit, "CPU_SECONDS", 0.1)


def work(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_what_is_at_work_too_long_is_stopped() -> None:
    here = TimeLimit(lambda: False)
    with here.ready(), pytest.raises(CheckTookTooLong), here.limit():
        work(60)


def work_in_the_garbage_collector(seconds: float) -> None:
    done: list[str] = []

    def callback(phase: str, _info: dict[str, int]) -> None:
        if not done:
            done.append(phase)
            work(seconds)

    gc.callbacks.append(callback)
    try:
        gc.collect()
    finally:
        gc.callbacks.remove(callback)


class WorksAtTheEnd:
    def __del__(self) -> None:
        work(0.3)


def work_for_a_weak_reference() -> None:
    class Key:
        pass

    class Slow(dict[object, object]):
        def __delitem__(self, key: object) -> None:
            work(0.3)
            super().__delitem__(key)

    keys = weakref.WeakKeyDictionary[Key, None]()
    keys.data = Slow()  # type: ignore[attr-defined]
    keys[Key()] = None  # gone at once: the dictionary's own function forgets it


@pytest.mark.slow
@pytest.mark.parametrize(
    "swallow",
    [partial(work_in_the_garbage_collector, 0.3), WorksAtTheEnd, work_for_a_weak_reference],
    ids=["gc", "__del__", "weakref"],
)
def test_an_exception_that_python_would_swallow_is_raised_later(
    swallow: Callable[[], object],
) -> None:
    def check() -> None:
        swallow()
        work(60)

    here = TimeLimit(lambda: False)
    with here.ready(), pytest.raises(CheckTookTooLong), here.limit():
        check()


def test_a_time_that_is_over_at_once_leaves_no_timer_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_timer = signal.setitimer

    def set_timer_late(which: int, seconds: float, interval: float = 0.0) -> None:
        set_timer(which, seconds, interval)
        if seconds:
            signal.raise_signal(signal.SIGPROF)

    monkeypatch.setattr(signal, "setitimer", set_timer_late)
    here = TimeLimit(lambda: False)
    with here.ready(), pytest.raises(CheckTookTooLong), here.limit():
        pass
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)


def test_a_signal_that_comes_late_ends_nothing() -> None:
    here = TimeLimit(lambda: False)
    with here.ready(), here.limit():
        pass
    assert callable(signal.getsignal(signal.SIGPROF))
    signal.raise_signal(signal.SIGPROF)


def test_a_time_that_is_over_just_after_a_check_costs_this_check_alone(
    grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = [False, False, True]  # the third run is a student's

    @contextmanager
    def beside_data_for_long(module: ModuleType) -> Iterator[None]:
        with beside_data(module):
            yield
        if over and over.pop(0):
            raise CheckTookTooLong

    monkeypatch.setattr(runner, "beside_data", beside_data_for_long)
    found = grade({"ada": GOOD, "ben": GOOD}, check_file("assert student.double(2) == 4"))
    assert statuses_of(found["ada"]) == ["timeout"]
    assert statuses_of(found["ben"]) == ["passed"]


def within_a_function_of_c() -> None:
    time_limit.CPU_SECONDS = time_limit._KILLED_AFTER = 0.1  # type: ignore[misc]
    here = TimeLimit(lambda: False)
    with here.ready(), here.limit():
        sum(range(10**15))


@pytest.mark.slow
def test_a_loop_that_python_cannot_stop_costs_the_batch_process_alone() -> None:
    with local_executor(1) as executor:
        with pytest.raises(BrokenExecutor):
            executor.submit(within_a_function_of_c).result(timeout=60)
        assert executor.submit(len, "the next").result(timeout=60) == 8
