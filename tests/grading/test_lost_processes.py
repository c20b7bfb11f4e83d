"""What a student returns breaks our own process: it costs the check that it broke, and no more."""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
import pytest
from one_lesson_class import GOOD, check_file

from grader.course import Course
from grader.grading import executors
from grader.grading.backend import ProcessLost
from grader.grading.current_check import LOADING, OWN, CurrentCheck, Place
from grader.grading.graders import start_graders
from grader.grading.grading_process import limit_memory
from grader.results import LessonResult, StudentResult
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what is used")

CHECKS = check_file(
    "assert np.allclose(student.double(np.ones((8, 8))), 2 * np.ones((8, 8)))",
    "rows = np.asarray(student.double(np.ones((2, 2), np.int8)))\nassert (rows @ rows.T).max() < 9",
    "assert student.double(2) == 4",
)
MEMORY = """\
import numpy as np
def double(x): return np.ones((8_000_000, 1, 1), np.int8) if np.shape(x) == (8, 8) else 2 * x
"""
TIME = """\
import numpy as np
def double(x):
    whole = np.ndim(x) == 2 and x.dtype == np.int8
    return np.ones((12_000, 1_300), np.int8) if whole else 2 * x
"""
KILLS = """\
import os
def double(x): os.kill(os.getppid(), 9)
"""
LIMITS = {"cpu_seconds_per_call": 0.3, "wall_seconds_per_call": 20.0, "seconds_per_lesson": 1.5}


@pytest.fixture(
    scope="module",
    params=[
        (Isolation.FULL, ("double", "more")),
        (Isolation.FULL, ("more", "double")),  # `double` begins in the worker of `more`
        (Isolation.PROCESS, ("double", "more")),
    ],
    ids=["full", "shared worker", "process"],
)
def found(
    request: pytest.FixtureRequest, course_at: Any, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, StudentResult]:
    """A class in one batch, in which three students break our process each in another way."""
    level, order = request.param
    points = {"double": 3, "more": 4}
    folder = course_at(
        tmp_path_factory.mktemp("lost") / "course",
        lessons=[{"id": lesson, "points": points[lesson]} for lesson in order],
        hidden={"double": CHECKS},
        visible={"double": None},
        limits=LIMITS,
    )
    programs = {"ada": GOOD, "ben": MEMORY, "cleo": TIME, "dan": KILLS, "eve": GOOD}
    class_ = [
        Submission(
            name,
            {
                "double": Source("double.py", (text,), notebook=False),
                "more": Source("more.py", ("def more(x): return 2 * x",), notebook=False),
            },
        )
        for name, text in programs.items()
    ]
    with start_graders(Course.load(folder), 1, level) as graders:
        return {result.student: result for result in graders.grade(class_)}


def lesson_of(result: StudentResult, name: str) -> LessonResult:
    return next(lesson for lesson in result.lessons if lesson.lesson == name)


def statuses(result: StudentResult) -> list[str]:
    return [check.status.value for check in lesson_of(result, "double").checks]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("student", "expected"),
    [
        ("ada", ["passed", "passed", "passed"]),
        ("ben", ["out_of_memory", "passed", "passed"]),
        ("cleo", ["passed", "timeout", "passed"]),
        ("eve", ["passed", "passed", "passed"]),
    ],
)
def test_each_check_ends_with_what_is_fair(
    found: dict[str, StudentResult], student: str, expected: list[str]
) -> None:
    assert statuses(found[student]) == expected


@pytest.mark.slow
def test_whoever_ends_our_process_is_undecided_where_a_program_can_do_it(
    request: pytest.FixtureRequest, found: dict[str, StudentResult]
) -> None:
    level, _ = request.node.callspec.params["found"]
    expected = {"undecided"} if level is Isolation.PROCESS else {"failed"}
    assert set(statuses(found["dan"])) == expected
    assert lesson_of(found["dan"], "double").score == 0


@pytest.mark.slow
def test_the_other_lesson_of_each_is_graded(found: dict[str, StudentResult]) -> None:
    assert {lesson_of(result, "more").score for result in found.values()} == {4}


def test_a_place_is_read_as_it_was_told_from_the_other_end() -> None:
    with CurrentCheck.new_file() as file:
        ours, theirs = (CurrentCheck.in_file(file.fileno()) for _ in range(2))
    assert ours.read() is None
    theirs.announce(3, "double", LOADING)
    assert ours.read() == Place(3, "double", LOADING)
    theirs.announce(0, "double", "test_a[é-\udcff]")
    assert ours.read() == Place(0, "double", "test_a[é-\udcff]")
    theirs.announce(0, "double", "x" * 9_000)
    assert len(ours.read().check) < 5_000  # type: ignore[union-attr]
    ours.clear()
    assert theirs.read() is None


def stay() -> None:
    OWN.get().announce(1, "double", "test_a")
    time.sleep(3_600)


@pytest.mark.slow
def test_a_process_that_stays_at_a_check_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_SECONDS_AT_ONE_CHECK", 0.1)
    monkeypatch.setattr(executors, "_SECONDS_BETWEEN_LOOKS", 0.05)
    with executors.local_executor(1) as executor:
        lost = executor.submit(stay).exception(timeout=60)
        assert executor.submit(len, "the next").result(timeout=60) == 8
    assert isinstance(lost, ProcessLost)
    assert (lost.place, lost.overran) == (Place(1, "double", "test_a"), False)


def needs_memory(limit: int | None) -> str:
    if limit is not None:
        limit_memory(limit)
    try:
        return str(np.empty(2**27, np.int8).size)
    except MemoryError:
        return "MemoryError"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "outcome"), [(2**26, "MemoryError"), (2**29, str(2**27)), (None, str(2**27))]
)
def test_our_process_has_a_limit_of_memory_that_can_be_noticed(
    limit: int | None, outcome: str
) -> None:
    with executors.local_executor(1) as executor:
        assert executor.submit(needs_memory, limit).result(timeout=60) == outcome
