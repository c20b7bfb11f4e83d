"""The processes that grade batches: when one is lost, and where the machine is not as usual."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from grader.grading.executors import LocalExecutor, local_executor

needs_unix = pytest.mark.skipif(sys.platform == "win32", reason="processes get a socket of ours")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def sleep_and_tell() -> int:
    time.sleep(0.5)
    return os.getpid()


@pytest.mark.slow
def test_a_long_path_for_temporary_files_does_not_stop_the_grader(
    tiny_course: Callable[..., Path], tmp_path: Path
) -> None:
    course = tiny_course(lessons=[{"id": "double", "points": 4}])
    ada = tmp_path / "class" / "ada"
    ada.mkdir(parents=True)
    ada.joinpath("double.py").write_text("def double(x): return 2 * x")
    long = tmp_path / ("x" * 100) / ("y" * 100)
    long.mkdir(parents=True)
    command = [sys.executable, "-m", "grader", "--course", str(course), "grade", "class"]
    done = subprocess.run(
        [*command, "--out", "out"], cwd=tmp_path, env={**os.environ, "TMPDIR": str(long)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "results.json").exists()
    assert list(long.iterdir()) == []


def write_half_a_reply() -> None:
    """As if the process were killed while it writes what it returns."""
    frame = sys._getframe(1)
    os.write(frame.f_locals["messages"].fileno(), struct.pack("!Q", 1000) + b"half")
    os._exit(9)


def fail() -> None:
    raise LookupError("not here")


@pytest.mark.slow
@needs_unix
@pytest.mark.parametrize("task", [partial(os._exit, 9), write_half_a_reply], ids=["at", "after"])
def test_a_lost_process_costs_the_call_that_it_was_at_and_no_more(
    task: Callable[[], None],
) -> None:
    with local_executor(2) as executor:
        other = executor.submit(os.getpid).result()  # the first in turn again after the next call
        lost = executor.submit(task)
        kept = executor.submit(sleep_and_tell)
        with pytest.raises(BrokenExecutor):
            lost.result(timeout=60)
        assert kept.result(timeout=60) == other
        assert executor.submit(os.getpid).result(timeout=60) not in {0, other}


@needs_unix
@pytest.mark.parametrize("victim", [0, 1])
def test_a_process_that_is_lost_at_the_end_keeps_nobody_waiting(victim: int) -> None:
    executor = LocalExecutor(2)
    pids = [future.result() for future in [executor.submit(os.getpid) for _ in range(2)]]
    os.kill(pids[victim], signal.SIGKILL)
    ending = threading.Thread(target=executor.shutdown, daemon=True)
    ending.start()
    ending.join(timeout=60)
    assert not ending.is_alive()
    assert not any(map(is_running, pids))


@needs_unix
def test_a_process_that_is_lost_between_two_calls_costs_one_call() -> None:
    with local_executor(1) as executor:
        first = executor.submit(os.getpid).result(timeout=60)
        os.kill(first, signal.SIGKILL)
        with pytest.raises(BrokenExecutor):
            executor.submit(os.getpid).result(timeout=60)
        assert executor.submit(os.getpid).result(timeout=60) != first


_TOO_FEW_FILES: Final = """
import os, resource
from grader.errors import GraderError
from grader.grading.executors import local_executor
resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))
try:
    with local_executor(2) as executor:
        print(executor.submit(os.getpid).result())
except GraderError as error:
    print(error)
"""


@needs_unix
def test_a_system_without_room_for_processes_is_told_in_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _TOO_FEW_FILES],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.startswith("no process can be started to grade in (Too many open files).")


@needs_unix
def test_an_exception_ends_every_process_whatever_it_is_at() -> None:
    pids: list[int] = []

    def interrupted() -> None:
        with local_executor(2) as executor:
            pids.extend(it.result() for it in [executor.submit(os.getpid) for _ in range(2)])
            executor.submit(time.sleep, 3600)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(pids) == 2
    assert not any(map(is_running, pids))


@needs_unix
def test_what_a_call_raises_is_raised_to_its_caller_and_tells_where_it_came_from() -> None:
    with local_executor(1) as executor, pytest.raises(LookupError, match="not here") as caught:
        executor.submit(fail).result(timeout=60)
    assert "in fail\n" in "".join(caught.value.__notes__)


def test_a_process_may_be_forgotten_while_another_thread_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with local_executor(1) as executor:
        assert executor.submit(os.getpid).result() != os.getpid()
        (slot,) = executor._slots
        process = slot._process
        assert process is not None
        wait = process.wait

        def wait_and_forget(seconds: float | None = None) -> int:
            slot._process = None  # as the thread of a call does whose process was lost
            return wait(seconds)

        monkeypatch.setattr(process, "wait", wait_and_forget)
        slot.dismiss()
        slot.wait()
        assert process.returncode == 0
