"""A look inside, in a process of its own: where the time of a student goes, what a worker costs.

``python inside.py COURSE SUBMISSIONS REPEATS`` prints JSON. The clocks are put around the
engine's methods from here; the engine knows nothing of them.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from lessons import benchmarked

from grader.checks.pytest_internals import open_session
from grader.course import Course, sandbox_packages
from grader.errors import IsolationRefused
from grader.grading.grading_process import grade_batch, sandbox_for
from grader.results import LessonStatus, StudentResult
from grader.sandbox.client import Sandbox
from grader.sandbox.levels import Isolation
from grader.sandbox.session import ProgramText, Session
from grader.submissions.intake import take_in
from grader.submissions.submission import Submission

_EMPTY: Final[dict[str, ProgramText]] = {"nothing": ("nothing.py", [""], False)}
_CYCLES: Final = 10  # of workers, each time
_BATCHES: Final = 3  # at most


class Stopwatch:
    """Exclusive times: what is spent in a part within a part counts for the inner one only."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.entered: Counter[str] = Counter()
        self._open = ["rest"]
        self._since = time.perf_counter()

    def enter(self, part: str) -> None:
        """Stop the clock of the part around, and start that of this one."""
        self._switch()
        self.entered[part] += 1
        self._open.append(part)

    def leave(self) -> None:
        """Go on with the part around."""
        self._switch()
        self._open.pop()

    def _switch(self) -> None:
        now = time.perf_counter()
        self.seconds[self._open[-1]] += now - self._since
        self._since = now

    def wrap(self, patch: pytest.MonkeyPatch, owner: Any, name: str, part: str) -> None:
        """Time a method of a class for as long as the patch lasts."""
        original = getattr(owner, name)

        @functools.wraps(original)
        def timed(*args: Any, **kwargs: Any) -> Any:
            self.enter(part)
            try:
                return original(*args, **kwargs)
            finally:
                self.leave()

        patch.setattr(owner, name, timed)


class Hooks:
    """A pytest plugin that tells pytest's own work from the checks' bodies."""

    def __init__(self, watch: Stopwatch) -> None:
        self._watch = watch

    def _around(self, part: str) -> Generator[None, Any, Any]:
        self._watch.enter(part)
        try:
            return (yield)
        finally:
            self._watch.leave()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, Any, Any]:
        """One check."""
        return (yield from self._around("pytest"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_pyfunc_call(self) -> Generator[None, Any, Any]:
        """Its function."""
        return (yield from self._around("checks"))


def time_batch(course: Course, batch: Sequence[Submission]) -> Stopwatch:
    """Grade a batch with clocks everywhere."""
    watch = Stopwatch()

    @contextlib.contextmanager
    def timed(arguments: Sequence[str], plugins: Sequence[object]) -> Iterator[pytest.Session]:
        watch.enter("collect")
        with open_session(arguments, [*plugins, Hooks(watch)]) as session:
            watch.leave()
            yield session

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.checks.runner.open_session", timed)
        watch.wrap(patch, Session, "load", "load")
        watch.wrap(patch, Sandbox, "start_worker", "start")
        watch.wrap(patch, Session, "call", "calls")
        watch.wrap(patch, Session, "close", "end")
        watch.enter("rest")
        _graded(course, batch)
        watch.leave()
    return watch


def breakdown(course: Course, submissions: Sequence[Submission], repeats: int) -> dict[str, Any]:
    """Where the time of one student goes, in milliseconds."""
    start = time.perf_counter()
    _graded(course, submissions[:1])
    first = time.perf_counter() - start
    plain: list[float] = []
    timed: list[Stopwatch] = []
    empty: list[float] = []
    cpu: list[tuple[float, float]] = []
    sandbox = sandbox_for(course, Isolation.FULL)
    for _ in range(min(repeats, _BATCHES)):
        own, tree, start = time.process_time(), _cpu_of_descendants(), time.perf_counter()
        _graded(course, submissions)
        plain.append(time.perf_counter() - start)
        cpu.append((time.process_time() - own, _cpu_of_descendants() - tree))
        timed.append(time_batch(course, submissions))
        empty += [start_ms for start_ms, _ in worker_cycles(sandbox, _CYCLES)]
    per_student = 1000 / len(submissions)
    watch = sorted(timed, key=_total)[len(timed) // 2]
    parts = {name: watch.seconds[name] * per_student for name in watch.seconds}
    parts["load"] += parts.pop("start")
    workers = watch.entered["start"]
    fork = min(statistics.median(empty) * workers / len(submissions), parts["load"])
    return {
        "students": len(submissions),
        "first_student_seconds": first,
        "plain_ms": statistics.median(plain) * per_student,
        "timed_ms": _total(watch) * per_student,
        "trusted_cpu_ms": statistics.median(own for own, _ in cpu) * per_student,
        "untrusted_cpu_ms": statistics.median(tree for _, tree in cpu) * per_student,
        "workers_per_student": workers / len(submissions),
        "calls_per_student": watch.entered["calls"] / len(submissions),
        "checks_per_student": watch.entered["checks"] / len(submissions),
        "parts_ms": {
            "fork and confine a worker": fork,
            "import the lesson in it": parts["load"] - fork,
            "calls of student functions": parts["calls"],
            "end the worker, sweep": parts["end"],
            "bodies of the checks": parts["checks"],
            "pytest around each check": parts["pytest"],
            "pytest once a batch": parts["collect"],
            "rest": parts["rest"],
        },
    }


def worker_cycles(sandbox: Sandbox, count: int) -> list[tuple[float, float]]:
    """Start and end workers for a lesson that is empty: (start, end) in milliseconds."""
    times: list[tuple[float, float]] = []
    for _ in range(count):
        session = Session(sandbox, "nothing", _EMPTY)
        start = time.perf_counter()
        session.load()
        loaded = time.perf_counter()
        session.close()
        times.append(((loaded - start) * 1000, (time.perf_counter() - loaded) * 1000))
    return times


def worker_costs(course: Course, repeats: int) -> dict[str, Any]:
    """Milliseconds that a worker costs from fork to end, by level; and a fork without one.

    The levels take turns, so that the machine's load is the same for all.
    """
    own = sandbox_for(course, Isolation.FULL)
    costs: dict[str, list[tuple[float, float]]] = {}
    with ExitStack() as stack:
        sandboxes: dict[str, Sandbox] = {}
        for level in (Isolation.FULL, Isolation.FILTERED):
            try:
                sandbox = Sandbox(level, own.limits, sandbox_packages(course), own.secrets)
                sandboxes[level.value] = stack.enter_context(sandbox)
            except IsolationRefused:
                continue  # `full` has started already, so this machine merely lacks another one
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        forks = stack.enter_context(
            subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("bare_fork.py"))],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        assert forks.stdin is not None
        assert forks.stdout is not None
        bare: list[float] = []
        for _ in range(repeats):
            print(_CYCLES, file=forks.stdin, flush=True)
            bare += json.loads(forks.stdout.readline())
            for name, sandbox in sandboxes.items():
                costs.setdefault(name, []).extend(worker_cycles(sandbox, _CYCLES))
    # Apart, because it starts its next worker while the others' would be measured.
    with Sandbox(Isolation.PROCESS, own.limits, sandbox_packages(course), own.secrets) as sandbox:
        costs[Isolation.PROCESS.value] = worker_cycles(sandbox, _CYCLES)
    levels = {
        name: {
            "start_ms": statistics.median(start for start, _ in times),
            "end_ms": statistics.median(end for _, end in times),
            "ms": statistics.median(start + end for start, end in times),
        }
        for name, times in costs.items()
    }
    return {"bare_fork_ms": statistics.median(bare), "levels": levels, "cycles": len(bare)}


def _graded(course: Course, batch: Sequence[Submission]) -> list[StudentResult]:
    results = grade_batch(course, Isolation.FULL, batch)
    handed_in = [
        lesson
        for student in results
        for lesson in student.lessons
        if lesson.status is not LessonStatus.MISSING
    ]
    assert handed_in, "nothing to grade"
    assert all(lesson.score == lesson.max_score for lesson in handed_in), "not all full marks"
    return results


def _total(watch: Stopwatch) -> float:
    return sum(watch.seconds.values())


def _cpu_of_descendants() -> float:
    """CPU seconds of all processes below this one, and of those that they have waited for."""
    seconds = 0.0
    pending = [os.getpid()]
    while pending:
        # A worker may end while it is looked at; its time is then among that of its parent.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for task in Path(f"/proc/{pending.pop()}/task").iterdir():
                for child in (task / "children").read_text("ascii").split():
                    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                        stat = Path(f"/proc/{child}/stat").read_text("ascii")
                        fields = stat.rpartition(")")[2].split()
                        seconds += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
                        pending.append(int(child))
    return seconds


def main() -> None:
    """Print both looks as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("course", type=Path)
    parser.add_argument("submissions", type=Path)
    parser.add_argument("repeats", type=int)
    arguments = parser.parse_args()
    course = benchmarked(Course.load(arguments.course))
    intake = take_in(
        arguments.submissions,
        course.lesson_ids,
        max_file_bytes=course.limits.file_kib * 1024,
    )
    looks = {
        "breakdown": breakdown(course, list(intake), arguments.repeats),
        "worker": worker_costs(course, arguments.repeats),
    }
    print(json.dumps(looks))


if __name__ == "__main__":
    main()
