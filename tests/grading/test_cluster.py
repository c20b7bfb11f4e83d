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
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle, islice, pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from dask_cluster import Cluster, commands_of_guide, follow_guide, wait_until
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
THREE: Final = ("first", "second", "third")
PROGRAMS: Final = [RIGHT, WRONG, "def double(x: pass", "import os; os._exit(3)"]
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
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and three workers, started as the guide says."""
    if not all(map(shutil.which, ("openssl", "make"))):
        pytest.skip("the guide needs openssl and make")
    pytest.importorskip("distributed", reason="pip install 'self-attention-course[cluster]'")
    names = ("first", "second", "third", "older", "poorer", "late")
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), names)
    try:
        follow_guide(cluster)
        cluster.wait_for(*THREE)
        yield cluster
    finally:
        cluster.close()


@pytest.fixture(scope="module")
def first(cluster: Cluster, course_at: Callable[..., Path]) -> Path:
    """The folder of the first machine, with a course and a class of three batches in it."""
    home = course_at(
        cluster.home("first"),
        lessons=[{"id": "double", "points": 4}],
        limits={"wall_seconds_per_call": 300.0, "seconds_per_lesson": 60.0},
    )
    programs = islice(cycle(PROGRAMS), 24)
    write_class(home / "submissions", {f"s{n:02}": it for n, it in enumerate(programs)})
    return home


def write_class(folder: Path, programs: Mapping[str, str]) -> Path:
    for student, program in programs.items():
        path = folder / student / "double.py"
        path.parent.mkdir(parents=True)
        path.write_text(program)
    return folder


def results(out: Path) -> str:
    """The text of results.json, but for the time."""
    text = (out / "results.json").read_text()
    return text.replace(json.loads(text)["graded_at"], "")


def scores(out: Path) -> dict[str, float]:
    students = json.loads((out / "results.json").read_text())["students"]
    return {it["student"]: it["score"] for it in students}


def statuses(out: Path) -> dict[str, str]:
    """How the first check of each student ended."""
    students = json.loads((out / "results.json").read_text())["students"]
    return {it["student"]: it["lessons"][0]["checks"][0]["status"] for it in students}


def join(cluster: Cluster, name: str) -> list[str]:
    """The command with which a worker joins; it has the certificate already."""
    shutil.copytree(cluster.home("first") / "cluster", cluster.home(name) / "cluster")
    return cluster.worker(name)


@pytest.fixture(scope="module")
def unfit(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two more workers: one has another numpy, one a machine that can hold no isolation."""
    other = tmp_path_factory.mktemp("other") / "numpy-9.9.9.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 9.9.9\n")
    cluster.start("older", join(cluster, "older"), "older", PYTHONPATH=str(other.parent))
    words = [str(Path(sys.executable).parent / "dask"), *join(cluster, "poorer")[1:]]
    cluster.start("poorer", on_a_machine(WITHOUT_LANDLOCK, words, cluster.home("poorer")), "poorer")
    cluster.wait_for("older", "poorer")


@pytest.fixture(scope="module")
def graded(cluster: Cluster, first: Path, unfit: None) -> subprocess.CompletedProcess[str]:
    """The class graded by the last command of the guide, while two workers are unfit."""
    (command,) = (it for _, it in commands_of_guide() if it.startswith("grader "))
    done = cluster.run(cluster.words(command))
    assert done.returncode == 0, done.stderr
    cluster.end("older", "poorer")
    return done


def test_results_are_the_same_bytes_as_on_one_machine(
    cluster: Cluster, first: Path, graded: subprocess.CompletedProcess[str]
) -> None:
    alone = cluster.run(["grader", "grade", "submissions", "--out", "alone", "--jobs", "1"])
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
    assert courses(cluster) == []


def courses(cluster: Cluster) -> list[Path]:
    """The folders with a course that are on the three machines now."""
    return [path for name in THREE for path in cluster.courses(name)]


class Waiting:
    """Students whose programs wait for a word, graded in a process of their own."""

    def __init__(self, cluster: Cluster, name: str, count: int) -> None:
        self.cluster = cluster
        signals = cluster.shared / name
        signals.mkdir()
        self.go = signals / "go"
        self.told = [signals / f"told{number}" for number in range(count)]
        programs = {  # those that wait are graded last
            f"z{number}": WAITS.format(told=str(told), go=str(self.go))
            for number, told in enumerate(self.told)
        }
        self._folder = write_class(
            cluster.home("first") / name, {**programs, "ada": RIGHT, "ben": WRONG}
        )
        self.out = cluster.home("first") / f"{name}-grades"

    def command(self, *options: str) -> list[str]:
        words = ["grade", str(self._folder), "--out", str(self.out), "--isolation", "process"]
        return [*_ONE_BY_ONE, *words, *options]

    def start(self) -> subprocess.Popen[str]:
        return self.cluster.popen(self.command("--scheduler", self.cluster.address))

    def wait_for(self, count: int) -> None:
        wait_until(lambda: sum(map(self.has_told, self.told)) == count, f"{count} started")

    @staticmethod
    def has_told(path: Path) -> bool:
        return path.exists() and path.read_text() != ""

    def worker_of(self, path: Path) -> int:
        """The process of the worker that grades a student: the child of a nanny that we started."""
        pids = [int(it) for it in path.read_text().split()]
        nannies = {process.pid for process in self.cluster.running.values()}
        (found,) = (pid for pid, parent in pairwise(pids) if parent in nannies)
        return found

    def stored(self) -> set[str]:
        """The students with results; read without the lock that a running command has."""
        files = b"".join(it.read_bytes() for it in self.out.glob(f"{FILENAME}*"))
        return {name for name in ("ada", "ben", "z0") if name.encode() + b"double" in files}


def test_a_student_with_whom_two_workers_are_lost_is_undecided_and_no_other(
    cluster: Cluster, first: Path
) -> None:
    class_ = Waiting(cluster, "loses-two", 1)
    (told,) = class_.told
    command = class_.start()
    for _ in range(2):
        class_.wait_for(1)
        joins = cluster.joins()
        os.kill(class_.worker_of(told), signal.SIGKILL)
        told.unlink()
        cluster.wait_for_another(joins)
    _, said = command.communicate()
    assert command.returncode == 1
    assert "z0: double: test_halves_become_wholes" in said
    assert "grader mark STUDENT LESSON.CHECK POINTS" in said
    assert scores(class_.out) == {"ada": 4, "ben": 1, "z0": 0}
    assert statuses(class_.out) == {"ada": "passed", "ben": "failed", "z0": "undecided"}


def test_a_lost_worker_costs_nobody_and_one_that_joins_late_grades(
    cluster: Cluster, first: Path
) -> None:
    class_ = Waiting(cluster, "loses-a-worker", 4)
    command = class_.start()
    class_.wait_for(3)  # each of the three workers has one
    lost = next(it for it in class_.told if class_.has_told(it))
    os.kill(class_.worker_of(lost), signal.SIGKILL)  # its nanny starts another
    lost.unlink()
    cluster.start("late", join(cluster, "late"), "late")
    class_.wait_for(4)  # that many at the same time need a fourth worker
    (course,) = cluster.courses("late")
    assert course.stat().st_mode & 0o077 == 0
    class_.go.touch()
    _, said = command.communicate()
    assert command.returncode == 0, said
    assert "was lost; its students are graded elsewhere" in said
    assert scores(class_.out) == {"ada": 4, "ben": 1, "z0": 4, "z1": 4, "z2": 4, "z3": 4}
    assert cluster.courses("late") + courses(cluster) == []
    cluster.end("late", "second", "third")  # one worker is enough for what follows


@pytest.fixture(scope="module")
def waiting(cluster: Cluster, first: Path) -> Waiting:
    return Waiting(cluster, "waits", 1)


def test_a_command_that_is_lost_leaves_nothing_behind_on_the_workers(
    cluster: Cluster, waiting: Waiting
) -> None:
    command = waiting.start()
    waiting.wait_for(1)
    wait_until(lambda: waiting.stored() == {"ada", "ben"}, "the others are graded")
    assert len(courses(cluster)) == 1
    command.kill()
    command.communicate()
    wait_until(lambda: not courses(cluster), "the course is gone")


def test_a_lost_scheduler_is_told_in_a_sentence(cluster: Cluster, waiting: Waiting) -> None:
    (told,) = waiting.told
    told.unlink()
    command = waiting.start()
    waiting.wait_for(1)
    cluster.running["scheduler"].kill()
    _, said = command.communicate()
    assert command.returncode == 1
    isolation, sentence = said.splitlines()
    assert isolation.startswith("Isolation:")
    assert f"the scheduler at {cluster.address} was lost" in sentence
    assert "What is graded is kept" in sentence


def test_the_next_run_goes_on_where_the_lost_ones_were(cluster: Cluster, waiting: Waiting) -> None:
    waiting.go.touch()
    done = cluster.run(waiting.command())
    assert done.returncode == 0, done.stderr
    assert "2 students unchanged" in done.stdout
    assert scores(waiting.out) == {"ada": 4, "ben": 1, "z0": 4}
