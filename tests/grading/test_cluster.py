"""A class graded on the machines of a cluster, while machines come, go and do not fit.

The tests run in their order: the last one ends the cluster's scheduler.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from dask_cluster import Cluster, commands_of_guide, wait_until
from poorer_machine import WITHOUT_LANDLOCK, on_a_machine

from grader.grading.store import FILENAME

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.slow,
    pytest.mark.xdist_group("cluster"),
    pytest.mark.skipif(sys.platform != "linux", reason="the guide is for Linux"),
]

#: The command, with one student in a batch: so few students would be one batch.
_ONE_BY_ONE: Final = [
    sys.executable,
    "-c",
    "from grader.grading import batches; batches._MAX_BATCH = 1; "
    "from grader.__main__ import main; main()",
]
RIGHT: Final = "def double(x): return 2 * x\n"
WRONG: Final = "def double(x): return 3 * x\n"
#: Tells that it has started, and on which worker; then it waits.
WAITS: Final = """
import os, time
def ancestors():
    pid = os.getpid()
    while pid > 1:
        yield pid
        with open(f"/proc/{{pid}}/stat") as file: state = file.read().rpartition(")")[2]
        pid = int(state.split()[1])
def double(x):
    with open({told!r}, "w") as file: file.write(" ".join(map(str, ancestors())))
    while not os.path.exists({go!r}): time.sleep(0.01)
    return 2 * x
"""


@pytest.fixture(scope="module")
def first(cluster: Cluster, course_at: Callable[..., Path]) -> Path:
    """The folder of the first machine, with a course and a class in it."""
    home = course_at(
        cluster.home("first"),
        lessons=[{"id": "double", "points": 4}],
        limits={"wall_seconds_per_call": 300.0, "seconds_per_lesson": 60.0},
    )
    write_class(home / "submissions", ada=RIGHT, ben=WRONG, cleo="def double(x: pass", dan=RIGHT,
                eve="import os; os._exit(3)", finn=WRONG)  # fmt: skip
    return home


def write_class(folder: Path, **programs: str) -> Path:
    for student, program in programs.items():
        path = folder / student / "double.py"
        path.parent.mkdir(parents=True)
        path.write_text(program)
    return folder


def run(cluster: Cluster, words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=cluster.home("first"), env=cluster.environment(),
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def results(out: Path) -> str:
    """The text of results.json, but for the time."""
    report = json.loads((out / "results.json").read_text())
    return (out / "results.json").read_text().replace(report["graded_at"], "")


def scores(out: Path) -> dict[str, float]:
    students = json.loads((out / "results.json").read_text())["students"]
    return {it["student"]: it["score"] for it in students}


@pytest.fixture(scope="module")
def unfit(cluster: Cluster, first: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two more workers: one has another numpy, one a machine that can hold no isolation."""
    other = tmp_path_factory.mktemp("other") / "numpy-9.9.9.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 9.9.9\n")
    for name in ("older", "poorer"):
        shutil.copytree(first / "cluster", cluster.home(name) / "cluster")
    cluster.start("older", cluster.worker("older"), "older", PYTHONPATH=str(other.parent))
    words = cluster.worker("poorer")
    words[0] = str(Path(sys.executable).parent / "dask")
    cluster.start("poorer", on_a_machine(WITHOUT_LANDLOCK, words, cluster.home("poorer")), "poorer")
    cluster.wait_for("older", "poorer")


@pytest.fixture(scope="module")
def graded(cluster: Cluster, first: Path, unfit: None) -> subprocess.CompletedProcess[str]:
    """The class graded by the last commands of the guide, while two workers are unfit."""
    (command,) = (it for _, it in commands_of_guide() if it.startswith("grader "))
    done = run(cluster, cluster.words(command))
    assert done.returncode == 0, done.stderr
    for name in ("older", "poorer"):
        cluster.end(name)
    return done


def test_results_are_the_same_bytes_as_on_one_machine(
    cluster: Cluster, first: Path, graded: subprocess.CompletedProcess[str]
) -> None:
    alone = run(cluster, ["grader", "grade", "submissions", "--out", "alone", "--jobs", "1"])
    assert alone.returncode == 0, alone.stderr
    assert results(first / "grades") == results(first / "alone")
    assert len(set(scores(first / "alone").values())) > 1


def test_a_worker_of_another_version_is_named_with_both_versions(
    graded: subprocess.CompletedProcess[str],
) -> None:
    (line,) = (it for it in graded.stderr.splitlines() if "worker older" in it)
    assert "it has numpy 9.9.9" in line
    assert f"has numpy {np.__version__}" in line


def test_a_worker_without_isolation_is_named_with_the_reason(
    graded: subprocess.CompletedProcess[str],
) -> None:
    assert "worker poorer" in graded.stderr
    assert "Landlock" in graded.stderr


def test_the_course_is_gone_from_each_machine_when_the_run_has_ended(
    cluster: Cluster, graded: subprocess.CompletedProcess[str]
) -> None:
    assert [cluster.courses(name) for name in ("first", "second", "third")] == [[], [], []]


class Waiting:
    """Students whose programs wait for a word, graded in a process of their own."""

    def __init__(self, cluster: Cluster, folder: Path, count: int) -> None:
        self.cluster = cluster
        self.go = folder / "go"
        self.told = [folder / f"told{number}" for number in range(count)]
        self.out = folder / "out"
        programs = {
            f"a{number}": WAITS.format(told=str(told), go=str(self.go))
            for number, told in enumerate(self.told)
        }
        self._class = write_class(folder / "class", **programs, ada=RIGHT, ben=WRONG)

    @property
    def command(self) -> list[str]:
        words = ["grade", str(self._class), "--out", str(self.out), "--isolation", "process"]
        return [*_ONE_BY_ONE, *words, "--scheduler", self.cluster.address]

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command, cwd=self.cluster.home("first"), env=self.cluster.environment(),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def wait_for(self, count: int) -> None:
        wait_until(lambda: sum(self.has_told(it) for it in self.told) == count, f"{count} started")

    def has_told(self, path: Path) -> bool:
        return path.exists() and path.read_text() != ""

    def worker_of(self, path: Path) -> int:
        """The process of the worker that grades a student: the child of a nanny that we started."""
        pids = [int(it) for it in path.read_text().split()]
        nannies = {process.pid for process in self.cluster.running.values()}
        (found,) = (pid for pid, parent in pairwise(pids) if parent in nannies)
        return found


def test_a_lost_worker_costs_nobody_and_one_that_joins_late_grades(
    cluster: Cluster, first: Path, tmp_path: Path
) -> None:
    class_ = Waiting(cluster, tmp_path, 4)
    command = class_.start()
    class_.wait_for(3)  # each of the three workers has one
    lost = next(it for it in class_.told if class_.has_told(it))
    os.kill(class_.worker_of(lost), signal.SIGKILL)  # its nanny starts another
    lost.unlink()
    shutil.copytree(first / "cluster", cluster.home("late") / "cluster")
    cluster.start("late", cluster.worker("late"), "late")
    class_.wait_for(4)  # that many at the same time need a fourth worker
    assert len(cluster.courses("late")) == 1
    assert cluster.courses("late")[0].stat().st_mode & 0o077 == 0
    class_.go.touch()
    _, said = command.communicate(timeout=300)
    assert command.returncode == 0, said
    assert "was lost; its students are graded elsewhere" in said
    assert scores(class_.out) == {"a0": 4, "a1": 4, "a2": 4, "a3": 4, "ada": 4, "ben": 1}
    assert cluster.courses("late") == []
    cluster.end("late")


def test_a_command_that_is_lost_leaves_nothing_behind_and_goes_on_where_it_was(
    cluster: Cluster, first: Path, tmp_path: Path
) -> None:
    class_ = Waiting(cluster, tmp_path, 1)
    command = class_.start()
    class_.wait_for(1)
    wait_until(lambda: stored(class_.out) == {"ada", "ben"}, "the others are graded")
    command.kill()
    command.communicate()
    homes = ("first", "second", "third")
    wait_until(lambda: not any(map(cluster.courses, homes)), "the course is gone everywhere")
    class_.go.touch()
    again = run(cluster, class_.command)
    assert again.returncode == 0, again.stderr
    assert "2 students unchanged" in again.stdout
    assert scores(class_.out) == {"a0": 4, "ada": 4, "ben": 1}


def test_a_lost_scheduler_is_told_in_a_sentence_and_nothing_is_lost(
    cluster: Cluster, first: Path, tmp_path: Path
) -> None:
    class_ = Waiting(cluster, tmp_path, 1)
    command = class_.start()
    class_.wait_for(1)
    wait_until(lambda: stored(class_.out) == {"ada", "ben"}, "the others are graded")
    cluster.running["scheduler"].kill()
    _, said = command.communicate(timeout=300)
    assert command.returncode == 1
    (sentence,) = said.splitlines()
    assert f"the scheduler at {cluster.address} was lost" in sentence
    assert "What is graded is kept" in sentence


def stored(out: Path) -> set[str]:
    """The students with results; read without the lock that the running command has."""
    path = out / FILENAME
    if not path.exists():
        return set()
    return {
        name for name in ("a0", "ada", "ben")
        if name.encode() + b"double" in b"".join(it.read_bytes() for it in out.glob(f"{FILENAME}*"))
    }  # fmt: skip
