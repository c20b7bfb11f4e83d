"""A cluster on this machine, set up by the commands of docs/cluster.md, for all tests.

Its three machines are three folders. None but the first has the course and the submissions.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from places import REPOSITORY

GUIDE: Final = REPOSITORY / "docs" / "cluster.md"
_SECONDS: Final = 120.0  # a busy machine starts five programs


def wait_until(is_so: Callable[[], object], what: str) -> None:
    end = time.monotonic() + _SECONDS
    while not is_so():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)


class Cluster:
    """Machines, by name, and the programs that run on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tls://127.0.0.1:{self.port}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}  # by `scheduler` or a worker's name
        self._environment = {**os.environ, "PYTHONWARNINGS": "default"}
        self._environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    def home(self, machine: str) -> Path:
        """The folder that stands for a machine."""
        path = self.folder / machine
        path.mkdir(exist_ok=True)
        return path

    def words(self, command: str) -> list[str]:
        """A command of the guide, with this machine's address in the place of the first one's."""
        return shlex.split(re.sub(r"\btls://first:8786", self.address, command))

    def environment(self, **more: str) -> dict[str, str]:
        return self._environment | more

    def set(self, name: str, value: str) -> None:
        self._environment[name] = value

    def start(self, program: str, command: Sequence[str], machine: str, **more: str) -> None:
        """Start what goes on running."""
        with (self.folder / f"{program}.log").open("ab") as log:
            self.running[program] = subprocess.Popen(
                command, cwd=self.home(machine), env=self.environment(**more),
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    def worker(self, name: str, *, nanny: bool = False) -> list[str]:
        """The guide's command for a worker of another name."""
        command = f"dask worker {self.address} --name {name} --nthreads 1 --no-dashboard"
        return [
            *shlex.split(command),
            "--local-directory",
            "scratch",
            *["--no-nanny"] * (not nanny),
        ]

    def wait_for(self, *names: str) -> None:
        """Wait until these workers have joined."""
        logs = [self.folder / f"{name}.log" for name in names]
        wait_until(lambda: all("Registered to" in log.read_text() for log in logs), str(names))

    def end(self, program: str) -> None:
        """End a program as Ctrl-C does."""
        process = self.running.pop(program)
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        for program in reversed(list(self.running)):
            with suppress(ProcessLookupError):
                self.end(program)

    def courses(self, name: str) -> list[Path]:
        """The folders with a course that are on a machine now."""
        return list(self.home(name).glob("scratch/**/course-*"))


def commands_of_guide() -> list[tuple[str, str]]:
    """The commands of the guide in order: on which machine, and what."""
    text = GUIDE.read_text("utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [(where, command) for where, _, command in (it.partition("$ ") for it in lines)]


def settings_of_guide() -> str:
    """The file `cluster/dask.yaml`."""
    (text,) = re.findall(
        r"^```yaml\n(.*?)^```", GUIDE.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    return str(text)


def follow_guide(cluster: Cluster) -> None:
    """Do what the guide says, up to the command that grades."""
    for where, command in commands_of_guide():
        first, *rest = cluster.words(command)
        if first == "make":  # that it makes a .venv/ is tested elsewhere
            subprocess.run(["make", "-n", *rest], cwd=REPOSITORY, check=True, capture_output=True)
        elif first == ".":
            continue  # the tests run in an environment already
        elif first == "export":
            cluster.set(*rest[0].split("="))
        elif first == "scp":
            to = cluster.home(rest[-1].partition(":")[0])
            shutil.copytree(cluster.home(where) / rest[-2], to / rest[-2])
        elif first == "dask":
            name = rest[rest.index("--name") + 1] if "--name" in rest else rest[0]
            cluster.start(name, [first, *rest], where)
        elif first == "grader":
            break
        else:
            subprocess.run([first, *rest], cwd=cluster.home(where), check=True, capture_output=True)
            if first == "mkdir":
                settings = cluster.home(where) / "cluster" / "dask.yaml"
                settings.write_text(settings_of_guide(), "utf-8")


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and three workers, started as the guide says."""
    if not all(map(shutil.which, ("openssl", "make"))):
        pytest.skip("the guide needs openssl and make")
    pytest.importorskip("distributed", reason="pip install 'self-attention-course[cluster]'")
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        follow_guide(cluster)
        cluster.wait_for("first", "second", "third")
        yield cluster
    finally:
        cluster.close()
