"""What it costs to grade on a cluster: the same class on this machine and on a cluster, in turns.

The cluster is on this machine, too: a scheduler, and a worker with as many processes as
``grader grade --jobs`` has. Two classes of different sizes tell what one student costs, without
what each run costs once. Prints students a second, CPU time by who used it, how many students a
second a scheduler and a command can hand out, and what that means for a large class.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lessons import benchmarked, write_class
from measure import PROC, BenchmarkError, tree

from grader.course import Course

_REPOSITORY: Final = Path(__file__).resolve().parent.parent
_SECONDS_TO_START: Final = 60.0
_SECONDS_BETWEEN_LOOKS: Final = 0.05
_SMALL: Final = 20  # students
_LARGE_CLASS: Final = 100_000
_SECONDS: Final = 300  # for the large class


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took, in seconds; or what one student takes."""

    clock: float
    command: float  # CPU of the command
    scheduler: float = 0.0
    processes: float = 0.0  # CPU of what grades

    def __sub__(self, other: Cost) -> Cost:
        return Cost(*(getattr(self, name) - getattr(other, name) for name in self.__slots__))

    def __truediv__(self, count: int) -> Cost:
        return Cost(*(getattr(self, name) / count for name in self.__slots__))

    @property
    def cpu(self) -> float:
        """Of all."""
        return self.command + self.scheduler + self.processes


def main() -> int:
    """Run the benchmark; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--students", type=int, default=400, help="of the larger class")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    course = benchmarked(Course.load(_REPOSITORY))
    try:
        with tempfile.TemporaryDirectory(prefix="grader-cluster-") as folder:
            here, there = measure(
                course, Path(folder), arguments.students, arguments.turns, arguments.jobs
            )
    except BenchmarkError as error:
        print(f"The benchmark failed: {error}", file=sys.stderr)
        return 1
    print(f"Load before and after: {load:.1f} and {os.getloadavg()[0]:.1f}.")
    print("\n".join(describe(here, there, arguments.jobs)))
    return 0


def measure(
    course: Course, folder: Path, students: int, turns: int, jobs: int
) -> tuple[list[Cost], list[Cost]]:
    """What one student costs on this machine and on a cluster, in each turn.

    Raises:
        BenchmarkError: a run failed.
    """
    for count in (_SMALL, students):
        write_class(course, folder / f"class-{count}", count, "cluster")
    here: list[Cost] = []
    there: list[Cost] = []
    with _cluster(folder, jobs) as (address, programs):
        _grade(folder, _SMALL, ["--scheduler", address], programs)  # imports what it needs
        for turn in range(turns):
            both = [(here, ["--jobs", str(jobs)]), (there, ["--scheduler", address])]
            for costs, options in both if turn % 2 == 0 else reversed(both):
                small, large = (
                    _grade(folder, count, options, programs) for count in (_SMALL, students)
                )
                costs.append((large - small) / (students - _SMALL))
    return here, there


def describe(here: Sequence[Cost], there: Sequence[Cost], jobs: int) -> Iterator[str]:
    """The figures as text."""
    for name, costs in ((f"On this machine, --jobs {jobs}", here), ("On the cluster", there)):
        rate = 1 / statistics.median(cost.clock for cost in costs)
        yield f"{name}: {rate:.1f} students/s; a student takes {_cpu(costs):.1f} ms of CPU."
    for name, what in (("clock", "clock"), ("CPU", "cpu")):
        ratios = [getattr(b, what) / getattr(a, what) for a, b in zip(here, there, strict=True)]
        shown = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        yield f"Cluster / machine, by the {name}: {statistics.median(ratios):.2f} (turns: {shown})."
    rates = []
    for who in ("command", "scheduler", "processes"):
        seconds = statistics.median(getattr(cost, who) for cost in there)
        rates.append(1 / seconds)
        yield f"Of that the {who}: {seconds * 1e3:.2f} ms; one core: {1 / seconds:.0f} students/s."
    needed = _LARGE_CLASS / _SECONDS
    yield (
        f"{_LARGE_CLASS:,} students in {_SECONDS} s are {needed:.0f} students/s: "
        f"{math.ceil(needed / rates[2])} cores of workers; "
        f"{math.ceil(needed / rates[0])} commands; {math.ceil(needed / rates[1])} schedulers."
    )


def _cpu(costs: Sequence[Cost]) -> float:
    return statistics.median(cost.cpu for cost in costs) * 1e3


@contextmanager
def _cluster(folder: Path, jobs: int) -> Iterator[tuple[str, list[int]]]:
    """A scheduler and a worker; yields the address, and the processes of both."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    dask = [sys.executable, "-m", "dask"]
    commands = [
        [*dask, "scheduler", "--host", address, "--no-dashboard"],
        [*dask, "worker", address, "--nthreads", str(jobs), "--no-dashboard", "--no-nanny",
         "--local-directory", str(folder / "scratch")],
    ]  # fmt: skip
    # As in docs/cluster.md.
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
    programs: list[subprocess.Popen[bytes]] = []
    log = folder / "cluster.log"
    try:
        for command in commands:
            with log.open("ab") as file:
                programs.append(
                    subprocess.Popen(command, env=environment, stdout=file, stderr=file)
                )
        end = time.monotonic() + _SECONDS_TO_START
        while b"Registered to" not in log.read_bytes():
            if time.monotonic() > end:
                raise BenchmarkError(f"no cluster can be started:\n{log.read_text('utf-8')}")
            time.sleep(0.1)
        yield address, [program.pid for program in programs]
    finally:
        for program in reversed(programs):
            program.terminate()
            program.wait()


def _grade(folder: Path, students: int, options: Sequence[str], programs: Sequence[int]) -> Cost:
    """Grade a class.

    Raises:
        BenchmarkError: somebody did not get full marks.
    """
    out = Path(tempfile.mkdtemp(prefix="out-", dir=folder))
    words = ["grade", str(folder / f"class-{students}"), "--out", str(out), *options]
    command = [sys.executable, "-m", "grader", *words]
    before, start = [_cpu_of_tree(program) for program in programs], time.perf_counter()
    most, own = [0.0] * (1 + len(programs)), 0.0
    with subprocess.Popen(command, cwd=_REPOSITORY, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            # A sandbox that has ended is missing in the sum, so it is the largest that counts.
            now = [_cpu_of_tree(program) for program in (process.pid, *programs)]
            most = [*map(max, most, now)]
            own = max(own, _cpu_of(process.pid)[0])
            time.sleep(_SECONDS_BETWEEN_LOOKS)
    code, seconds = process.returncode, time.perf_counter() - start
    report = json.loads((out / "results.json").read_bytes()) if code == 0 else {"students": []}
    scores = [student["score"] for student in report["students"]]
    if len(scores) != students or len(set(scores)) != 1:
        raise BenchmarkError(f"exit code {code}, {len(scores)} students from: {' '.join(command)}")
    scheduler, worker = (seconds - then for seconds, then in zip(most[1:], before, strict=True))
    return Cost(seconds, own, scheduler, worker + most[0] - own)


def _cpu_of_tree(root: int) -> float:
    """CPU seconds of a process, its descendants, and those that they have waited for."""
    return sum(sum(_cpu_of(pid)) for pid, _ in tree(root, trusted=True))


def _cpu_of(pid: int) -> tuple[float, float]:
    """CPU seconds of a process, and of its children that it has waited for."""
    with suppress(OSError):
        fields = (PROC / f"{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        user, system, user_below, system_below = map(int, fields[11:15])
        ticks = os.sysconf("SC_CLK_TCK")
        return (user + system) / ticks, (user_below + system_below) / ticks
    return 0.0, 0.0


if __name__ == "__main__":
    sys.exit(main())
