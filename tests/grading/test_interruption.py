"""The grader stopped in the middle: by Ctrl-C, by kill -9, or by the loss of a batch process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner
from grader_processes import find_processes, find_zygotes
from places import REPOSITORY
from tiny_course import CourseWriter

from grader import signals
from grader.cli import main
from grader.course import Course
from grader.errors import GraderError
from grader.grading import batches, grading_process
from grader.grading.batches import grade_batches
from grader.grading.executors import local_executor
from grader.grading.graders import Graders
from grader.grading.local_backend import LocalBackend, choose_level_of
from grader.grading.store import FILENAME
from grader.results import Status, StudentResult
from grader.sandbox.levels import Isolation, LevelChoice
from grader.submissions.submission import Source, Submission

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
]


def start(tmp_path: Path) -> subprocess.Popen[str]:
    """A grader in a process group of its own, at work on students who never end."""
    for number in range(9):  # more than one batch, so that two processes grade
        student = tmp_path / "class" / f"student{number}"
        student.mkdir(parents=True, exist_ok=True)
        for lesson in ("softmax", "qkv"):
            (student / f"{lesson}.py").write_text("while True:\n    pass\n")
    command = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out")]
    return subprocess.Popen(
        [sys.executable, "-m", "grader", "--course", str(REPOSITORY), *command, "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "GRADER_TEST": tmp_path.name},
    )


@pytest.fixture
def grading(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """See :func:`start`; its batch processes are there."""
    process = start(tmp_path)
    wait_until(lambda: len(find_processes(tmp_path.name)) >= 3)
    yield process
    process.kill()
    process.communicate()


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def wait_until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it has not happened in time"
        time.sleep(0.05)


def test_ctrl_c_ends_everything_with_one_line(
    grading: subprocess.Popen[str], tmp_path: Path
) -> None:
    wait_until(lambda: len(find_zygotes(tmp_path.name)) == 2)
    os.killpg(grading.pid, signal.SIGINT)
    _, complaints = grading.communicate(timeout=60)
    assert grading.returncode == 130
    assert complaints == (
        "What is graded is kept; the same command goes on where it was.\n"
        "Interrupted. Run the same command again.\n"
    )
    wait_until(lambda: not find_processes(tmp_path.name))


def has_begun(process: subprocess.Popen[str]) -> bool:
    """Whether our code runs in it; before that, it is Python that starts."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_at_any_moment_it_is_one_line_and_no_traceback(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    mark, out = tmp_path.name, tmp_path / "out"
    moments: list[float | Callable[[], object]] = [
        *(0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4),  # Python imports: there is no event to wait for
        out.exists,
        (out / FILENAME).exists,
        lambda: len(find_processes(mark)) > 1,
        lambda: len(find_zygotes(mark)) > 0,
        lambda: len(find_zygotes(mark)) > 1,
    ]
    for moment in moments:
        process = start(tmp_path)
        try:
            wait_until(partial(has_begun, process))
            if callable(moment):
                wait_until(moment)
            else:
                time.sleep(moment)
            os.killpg(process.pid, number) if number == signal.SIGINT else process.terminate()
            _, complaints = process.communicate(timeout=60)
        finally:
            process.kill()
        assert process.returncode == code, (moment, complaints)
        lines = complaints.splitlines()
        assert lines[-1] == "Interrupted. Run the same command again.", (moment, complaints)
        assert len(lines) <= 2, (moment, complaints)
        wait_until(lambda: not find_processes(tmp_path.name))
    assert [path.name for path in (tmp_path / "out").iterdir()] == [FILENAME]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_comes_while_its_handler_is_set_is_heard(
    monkeypatch: pytest.MonkeyPatch, sent: signal.Signals
) -> None:
    set_handler, before = signal.signal, [signal.getsignal(number) for number in signals._SIGNALS]

    def set_and_send(number: int, handler: Any) -> Any:
        set_handler(number, handler)
        if number == sent and handler is signals._stop:
            signal.raise_signal(number)

    monkeypatch.setattr(signal, "signal", set_and_send)
    result = CliRunner().invoke(main, ["doctor"])
    assert (result.exit_code, result.stdout) == (128 + sent, "")
    assert result.stderr == "Interrupted. Run the same command again.\n"
    assert [signal.getsignal(number) for number in signals._SIGNALS] == before


_WITHIN_EXEC: Final = """
import signal
from grader.signals import raise_on_signals
with raise_on_signals():
    try:
        exec("signal.raise_signal(signal.SIGINT)")
    except KeyboardInterrupt:
        raise SystemExit(130)
"""


def test_ctrl_c_while_a_library_makes_code_from_text_ends_as_always(tmp_path: Path) -> None:
    (tmp_path / "within.py").write_text(_WITHIN_EXEC)
    command = [sys.executable, "-m", "within"]
    done = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (130, b"")


def test_a_second_ctrl_c_ends_it_at_once(grading: subprocess.Popen[str], tmp_path: Path) -> None:
    for _ in range(3):
        os.killpg(grading.pid, signal.SIGINT)
        time.sleep(0.01)
    _, complaints = grading.communicate(timeout=60)
    assert grading.returncode == 130
    assert "Traceback" not in complaints
    wait_until(lambda: not find_processes(tmp_path.name))


def test_nothing_is_left_when_the_grader_is_killed(
    grading: subprocess.Popen[str], tmp_path: Path
) -> None:
    wait_until(lambda: len(find_zygotes(tmp_path.name)) == 2)
    zygotes = find_zygotes(tmp_path.name)
    grading.send_signal(signal.SIGKILL)
    grading.wait()
    wait_until(lambda: not find_processes(tmp_path.name))
    wait_until(lambda: all(map(is_gone, zygotes)))


def test_no_sandbox_outlives_a_run_that_completes(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    course = tiny_course(lessons=[{"id": "double", "points": 4}])
    student = tmp_path / "class" / "ada" / "double.py"
    student.parent.mkdir(parents=True)
    student.write_text("import time\ntime.sleep(0.5)\n\n\ndef double(x):\n    return 2 * x\n")
    words = [
        "--course",
        str(course),
        "grade",
        str(tmp_path / "class"),
        "--out",
        str(tmp_path / "o"),
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", *words, "--jobs", "1"],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "GRADER_TEST": tmp_path.name},
    )
    wait_until(lambda: find_zygotes(tmp_path.name))
    zygotes = find_zygotes(tmp_path.name)
    assert process.wait(timeout=60) == 0
    assert zygotes
    assert all(map(is_gone, zygotes))  # closed by its owner, not left to notice that it is alone


class Lossy(Executor):
    """Loses the processes of its first calls."""

    def __init__(self, executor: Executor, lost: int) -> None:
        self._executor = executor
        self._lost = lost

    def submit(  # type: ignore[override]
        self, task: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Future[Any]:
        self._lost -= 1
        if self._lost >= 0:
            return self._executor.submit(os._exit, 9)
        return self._executor.submit(task, *args, **kwargs)


def test_a_process_that_is_lost_before_anybody_is_graded_costs_nobody(
    tiny_course: CourseWriter,
) -> None:
    course = Course.load(tiny_course(lessons=[{"id": "double", "points": 4}]))
    source = Source("double.py", ("def double(x):\n    return 2 * x\n",), False)
    with local_executor(2) as running:
        executor = Lossy(running, 3)
        choice = choose_level_of(executor, course, 2, Isolation.PROCESS)
        graders = Graders(course, LocalBackend(course, executor, 2, choice))
        (result,) = graders.grade([Submission("ada", {"double": source})])
    assert graders.choice.isolation is Isolation.PROCESS
    assert result.score == result.max_score


def test_a_level_that_is_never_found_out_is_told_in_a_sentence() -> None:
    course = Course.load(REPOSITORY)
    with (
        pytest.raises(GraderError, match="ended from outside"),
        local_executor(1) as running,
    ):
        choose_level_of(Lossy(running, 99), course, 1, None)


def test_an_executor_that_breaks_as_a_whole_is_told_in_a_sentence() -> None:
    course = Course.load(REPOSITORY)
    executor = ProcessPoolExecutor(1, initializer=os._exit, initargs=(9,))
    with pytest.raises(GraderError, match="ended from outside"):
        list(grade_batches(backend_of(course, executor), [[Submission("ada", {})]]))


@pytest.fixture
def closing_checks() -> Iterator[None]:
    """The checks that this process keeps open, as a grading process does, are closed again."""
    yield
    grading_process.close()


def backend_of(course: Course, executor: Executor) -> LocalBackend:
    return LocalBackend(course, executor, 4, LevelChoice(Isolation.PROCESS))


class Fragile(Executor):
    """Runs batches at once, and loses a process as if the system had ended it over one student."""

    def submit(  # type: ignore[override]
        self, task: Callable[..., list[StudentResult]], *args: Any, **kwargs: Any
    ) -> Future[list[StudentResult]]:
        batch: Sequence[Submission] = args[2]
        future: Future[list[StudentResult]] = Future()
        if task.__name__ == "_grade_some" and any(one.student == "ben" for one in batch):
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(task(*args, **kwargs))
        return future


@pytest.mark.usefixtures("closing_checks")
def test_a_student_with_whom_processes_are_lost_again_and_again_is_undecided(
    tiny_course: CourseWriter,
) -> None:
    course = Course.load(tiny_course(lessons=[{"id": "double", "points": 4}]))
    source = Source("double.py", ("def double(x):\n    return 2 * x\n",), False)
    batch = [Submission(name, {"double": source}) for name in ("ada", "ben", "cleo", "dev", "eve")]
    came = grade_batches(backend_of(course, Fragile()), [batch])
    found = {
        result.student: {check.status for lesson in result.lessons for check in lesson.checks}
        for batch_graded in came
        for result in batch_graded.results
    }
    sound = {key: {Status.PASSED} for key in ("ada", "cleo", "dev", "eve")}
    assert found == {**sound, "ben": {Status.UNDECIDED}}


@pytest.mark.usefixtures("closing_checks")
def test_a_batch_that_takes_long_ends_early_and_its_rest_is_graded_next(
    tiny_course: CourseWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_MAX_SECONDS", 0.0)
    course = Course.load(tiny_course(lessons=[{"id": "double", "points": 4}]))
    source = Source("double.py", ("def double(x):\n    return 2 * x\n",), False)
    batch = [Submission(name, {"double": source}) for name in ("ada", "cleo", "eve")]
    results = grade_batches(backend_of(course, Fragile()), [batch])
    came = [[result.student for result in some.results] for some in results]
    assert came == [["ada"], ["cleo"], ["eve"]]


def test_processes_that_are_always_lost_end_the_run() -> None:
    course = Course.load(REPOSITORY)
    batch = [Submission(str(number), {}) for number in range(20)]
    with (
        pytest.raises(GraderError, match="ended from outside"),
        local_executor(2) as running,
    ):
        list(grade_batches(backend_of(course, Lossy(running, 999)), [batch]))


_WITHIN_A_CALLBACK: Final = """
import signal, time, weakref
from grader.signals import raise_on_signals
class Thing: pass
with raise_on_signals():
    try:
        thing = Thing()
        callback = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
        del thing  # what a callback raises, Python prints and forgets
        time.sleep(60)
    except KeyboardInterrupt:
        raise SystemExit(130)
"""

_WHILE_A_CLASS_IS_MADE: Final = """
import signal
from grader.signals import Interrupted, raise_on_signals
class Field:
    def __set_name__(self, owner, name): signal.raise_signal(signal.SIGINT)
try:
    with raise_on_signals():
        try:
            type("Thing", (), {"field": Field()})  # until Python 3.12, this raises a RuntimeError
        except Exception as error:
            raise ImportError from error
except Interrupted:
    raise SystemExit(130)
"""


@pytest.mark.parametrize("program", [_WITHIN_A_CALLBACK, _WHILE_A_CLASS_IS_MADE])
def test_ctrl_c_ends_it_also_where_python_forgets_or_replaces_the_exception(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY, capture_output=True, check=False, timeout=30,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, b"")
