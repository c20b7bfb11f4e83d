"""A cluster on this machine, set up by the commands of docs/cluster.md.

None of its machines but the first has the course and the submissions.
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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from own_machines import OwnMachines
from places import REPOSITORY

GUIDE: Final = REPOSITORY / "docs" / "cluster.md"
_SECONDS: Final = 120.0  # a busy machine starts five programs
_SECONDS_TO_END: Final = 30.0


def wait_until(is_so: Callable[[], object], what: str) -> None:
    end = time.monotonic() + _SECONDS
    while not is_so():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)


class Cluster:
    """Machines, by name, and the programs that run on them."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self.folder = folder
        self._machines = OwnMachines(folder, names)
        self.shared = self._machines.shared
        self.address = "tls://first:8786"
        if not self._machines.are_namespaces:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.address = f"tls://127.0.0.1:{free.getsockname()[1]}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}  # by `scheduler` or a worker's name
        self._environment = {**os.environ, "PYTHONWARNINGS": "default"}
        self._environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    def home(self, machine: str) -> Path:
        """The folder of a machine."""
        return self._machines.home(machine)

    def words(self, command: str) -> list[str]:
        """A command of the guide, with the address that the first machine has here."""
        return shlex.split(re.sub(r"\btls://first:8786", self.address, command))

    def set(self, name: str, value: str) -> None:
        """Set a variable of the environment on all machines."""
        self._environment[name] = value

    def popen(self, command: Sequence[str], machine: str = "first") -> subprocess.Popen[str]:
        """Start a command whose output will be read."""
        return subprocess.Popen(
            self._machines.on(machine, command), cwd=self.home(machine), env=self._environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(
        self, command: Sequence[str], machine: str = "first"
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self._machines.on(machine, command), cwd=self.home(machine), env=self._environment,
            capture_output=True, text=True, check=False, timeout=_SECONDS,
        )  # fmt: skip

    def start(self, program: str, command: Sequence[str], machine: str, **more: str) -> None:
        """Start what goes on running."""
        with (self.folder / f"{program}.log").open("ab") as log:
            self.running[program] = subprocess.Popen(
                self._machines.on(machine, command), cwd=self.home(machine),
                env=self._environment | more, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    def worker(self, name: str) -> list[str]:
        """The guide's command for a worker of another name, without a second process."""
        options = f"--name {name} --nthreads 1 --no-dashboard --local-directory scratch --no-nanny"
        return ["dask", "worker", self.address, *options.split()]

    def wait_for(self, *names: str) -> None:
        """Wait until these workers have joined."""
        logs = [self.folder / f"{name}.log" for name in names]
        wait_until(lambda: all("Registered to" in log.read_text() for log in logs), str(names))

    def joins(self) -> int:
        """How often a worker of those that are running has joined: once, and after each loss."""
        logs = [self.folder / f"{name}.log" for name in self.running]
        return sum(log.read_text().count("Registered to") for log in logs)

    def wait_for_another(self, joins: int) -> None:
        """Wait for a worker to join. Ctrl-C does not end a nanny that is just starting one."""
        wait_until(lambda: self.joins() > joins, "another worker")

    def end(self, *programs: str) -> None:
        """End programs as Ctrl-C does."""
        processes = [self.running.pop(program) for program in programs]
        for process in processes:
            process.send_signal(signal.SIGINT)
        for process in processes:
            assert process.wait(_SECONDS_TO_END) is not None

    def close(self) -> None:
        try:
            self.end(*reversed(self.running))
        finally:
            self._machines.close()

    def courses(self, name: str) -> list[Path]:
        """The folders with a course that are on a machine now."""
        return list(self.home(name).glob("scratch/*/*/course-*"))


def commands_of_guide() -> list[tuple[str, str]]:
    """The commands of the guide in order: on which machine, and what."""
    text = GUIDE.read_text("utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [(where, command) for where, _, command in (line.partition("$ ") for line in lines)]


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
            done = cluster.run([first, *rest], where)
            assert done.returncode == 0, done.stderr
            if first == "mkdir":
                settings = cluster.home(where) / "cluster" / "dask.yaml"
                settings.write_text(settings_of_guide(), "utf-8")
