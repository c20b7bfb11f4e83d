"""A busy machine costs nobody marks: the wall clock stands still while no core is free."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from grader.sandbox.client import Sandbox
from grader.sandbox.faults import TimedOut
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.process_clocks import cpu_seconds, find_last_descendant, queued_seconds
from grader.sandbox.session import Session

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux tells these times")

LIMITS = SandboxLimits(0.8, 0.8, 5.0, 256 * 2**20, 4096)
PROGRAM = """
import time
def compute(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
    return "done"
def sleep():
    time.sleep(60)
"""


@contextmanager
def one_core_for_many(others: int) -> Iterator[list[int]]:
    """This process, those it starts, and busy ones beside them have one core together."""
    allowed = os.sched_getaffinity(0)
    with ExitStack() as undo:
        undo.callback(os.sched_setaffinity, 0, allowed)
        os.sched_setaffinity(0, {min(allowed)})
        busy = [sys.executable, "-I", "-S", "-c", "while True: pass"]
        # Each in a session of its own: Linux shares a core among sessions first.
        processes = [
            undo.enter_context(subprocess.Popen(busy, start_new_session=True))
            for _ in range(others)
        ]
        for process in processes:
            undo.callback(process.kill)
        yield [process.pid for process in processes]


@pytest.mark.slow
@pytest.mark.parametrize("level", list(Isolation))
def test_a_call_that_waits_for_a_core_has_not_slept(level: Isolation) -> None:
    lesson = {"lesson": ("lesson.py", [PROGRAM], False)}
    with (
        one_core_for_many(0),  # the worker inherits it
        Sandbox(level, LIMITS) as sandbox,
        Session(sandbox, "lesson", lesson) as session,
    ):
        session.load()
        with one_core_for_many(4):
            start = time.monotonic()
            assert session.call("compute", 0.3).value == "done"
            assert time.monotonic() - start > LIMITS.wall_seconds_per_call
            with pytest.raises(TimedOut, match=r"after 0\.8 s"):
                session.call("sleep")


def test_a_process_waits_while_another_has_its_core() -> None:
    with one_core_for_many(2) as pids:
        before = [queued_seconds(pid) + cpu_seconds(pid) for pid in pids]
        time.sleep(0.3)
        after = [queued_seconds(pid) + cpu_seconds(pid) for pid in pids]
        assert all(queued_seconds(pid) > 0 for pid in pids)
    assert all(later - earlier > 0.2 for earlier, later in zip(before, after, strict=True))


def test_a_process_that_has_ended_has_no_times() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert cpu_seconds(process.pid) == queued_seconds(process.pid) == 0.0


def test_the_last_descendant_is_found_unless_there_are_several() -> None:
    nested = "sh -c 'echo $$; cat; true'; true"
    with subprocess.Popen(
        ["/bin/sh", "-c", nested], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        inner = int(process.stdout.readline())
        last = find_last_descendant(process.pid)
        process.communicate()
    assert last >= inner
    assert find_last_descendant(2**22 + 1) == 0
