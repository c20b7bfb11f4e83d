"""The hostile corpus: its programs, the course that they attack, and how a class is graded."""

from __future__ import annotations

import ctypes
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from places import REPOSITORY
from poorer_machine import on_a_machine

CORPUS: Final = REPOSITORY / "tests" / "hostile"
HONEST: Final = REPOSITORY / "tests" / "honest"
KINDS: Final = ("integrity", "confidentiality", "availability", "contamination")
#: Who grades the corpus: root, if we are root, and an ordinary user.
USERS: Final = ("root", "ordinary") if os.geteuid() == 0 else ("ordinary",)

#: Honest students. By their names, one is graded before all others, one among them, one after.
NEIGHBOURS: Final = ("0-honest", "honest", "z-honest")

_HEAD: Final = re.compile(r"# ([A-Z][a-z ]+): (.*)")
_CANARY: Final = re.compile(r"CANARY-[a-z]+\b")
_PR_SET_CHILD_SUBREAPER: Final = 36


@dataclass(frozen=True, slots=True)
class Program:
    """One program of the corpus, and what its head says about it."""

    kind: str
    name: str
    text: str
    head: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def student(self) -> str:
        """The student who hands it in. Kinds are mixed by name, for slow ones are of one kind."""
        return f"{self.name}-{self.kind}"

    @property
    def lesson(self) -> str:
        """The lesson that it is handed in for."""
        return self.head.get("Lesson", "target")

    @property
    def levels(self) -> list[str]:
        """The levels that promise to hold it."""
        return self.head["Levels"].split()

    def verdict(self, level: str) -> str:
        """The outcome that its lesson must have, see :func:`describe_outcome`."""
        return self.head.get(f"Verdict at {level}", self.head["Verdict"])

    def is_held(self, level: str, user: str) -> bool:
        """Whether a level holds it if this user grades.

        Some levels hold a program by a limit of the kernel, which no limit is for root.
        """
        return user != "root" or level not in self.head.get("Not held for root at", "")


@cache
def programs(folder: Path) -> tuple[Program, ...]:
    """Read the programs below a folder, with their heads."""
    kinds = {*KINDS, HONEST.name}
    paths = sorted(path for path in folder.rglob("*.py") if path.parent.name in kinds)
    return tuple(map(read_program, paths))


def read_program(path: Path) -> Program:
    """Read one program, with its head."""
    text = path.read_text("utf-8")
    head = dict(_HEAD.findall(text.partition("\n\n")[0]))
    return Program(path.parent.name, path.stem, text, head)


@dataclass(frozen=True, slots=True)
class Scene:
    """A course with fresh canaries, its submissions, and a server that nobody may reach."""

    folder: Path
    canaries: Mapping[str, str]  # name -> the text that must appear nowhere
    listeners: list[socket.socket] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)  # @NAME@ in a program -> its replacement

    @property
    def course(self) -> Path:
        """The course's folder."""
        return self.folder / "course"

    @property
    def submissions(self) -> Path:
        """The class's folder."""
        return self.folder / "submissions"

    def fill_in(self, text: str) -> str:
        """A text with this scene's canaries and with the places that an attacker may know."""
        for name, place in self.places.items():
            text = text.replace(f"@{name}@", place)
        return _CANARY.sub(lambda match: self.canaries.get(match[0], match[0]), text)

    def hand_in(self, student: str, program: Program, *, is_followed: bool = True) -> None:
        """Hand in a program and the honest next lesson, in a student's name.

        Where its head says so, a wrong version of the lesson that it rests on comes along.

        Args:
            student: the name.
            program: for its lesson.
            is_followed: whether the next lesson is handed in.
        """
        folder = self.submissions / student
        folder.mkdir(parents=True)
        text = self.fill_in(program.text).encode(program.head.get("Encoding", "utf-8"))
        (folder / f"{program.lesson}.py").write_bytes(text)
        if "Before" in program.head:
            shutil.copy(CORPUS / "neighbour" / "wrong_before.py", folder / "before.py")
        if is_followed:
            shutil.copy(CORPUS / "neighbour" / "after.py", folder)

    def close(self) -> None:
        """Close the server."""
        for listener in self.listeners:
            listener.close()

    def visitors(self) -> list[str]:
        """The addresses at which a program of this class has reached the server.

        Such a program says the scene's word. Others may come, too: another test, which runs at the
        same time, tries every socket that it finds.
        """
        visited = []
        for listener in self.listeners:
            with suppress(BlockingIOError):
                while True:
                    visitor = listener.accept()[0]
                    with visitor, suppress(OSError):
                        visitor.settimeout(1.0)
                        if visitor.recv(100).startswith(self.places["WORD"].encode()):
                            visited.append(str(listener.getsockname()))
        return visited


def draw_canaries(*kinds: str) -> dict[str, str]:
    """Fresh canaries, by the names that stand for them in the corpus."""
    return {f"CANARY-{kind}": f"CANARY-{kind}-{random_letters()}" for kind in kinds}


def random_letters() -> str:
    """Only letters: reports change numbers, which must not hide a canary."""
    return "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(16))


def set_scene(folder: Path, known: Mapping[str, str] | None = None) -> Scene:
    """Write the course, its secrets and the honest neighbours into `folder`.

    Args:
        folder: not there yet.
        known: the canaries that a running process holds already.
    """
    kinds = ("environment", "argument", "reference", "descriptor", "check", "parent", "submission")
    scene = Scene(folder, draw_canaries(*kinds) | dict(known or {}))
    folder.mkdir(parents=True)
    for family, place in (
        (socket.AF_INET, ("127.0.0.1", 0)),
        (socket.AF_UNIX, os.path.relpath(folder / "socket")),
        (socket.AF_UNIX, f"\0grader-{secrets.token_hex(8)}"),
    ):
        listener = socket.socket(family)
        listener.bind(place)
        listener.listen(100)
        listener.setblocking(False)
        scene.listeners.append(listener)
    scene.places.update(
        COURSE=str(scene.course),
        SUBMISSIONS=str(scene.submissions),
        OUT=str(folder / "out"),
        SECRET=str(folder / "secret.txt"),
        PORT=str(scene.listeners[0].getsockname()[1]),
        SOCKET=str(folder / "socket"),
        WORD=random_letters(),
        KEY=str(secrets.randbelow(1 << 30) + 1),  # of SysV memory, semaphores and messages
        HOST=os.uname().nodename,
        ABSTRACT=scene.listeners[2].getsockname()[1:].decode(),
        EUROS="€" * 100_000,  # a byte each in cp1252, and three in UTF-8
    )
    shutil.copytree(CORPUS / "course", scene.course)
    for path in scene.course.rglob("*.py"):
        path.write_text(scene.fill_in(path.read_text("utf-8")), "utf-8")
    secret = scene.canaries["CANARY-descriptor"]
    (scene.course / "solutions" / "descriptor.txt").write_text(secret)
    (folder / "secret.txt").write_text(scene.canaries["CANARY-parent"])
    for name in NEIGHBOURS:
        scene.hand_in(name, read_program(CORPUS / "neighbour" / "target.py"))
    return scene


@dataclass(frozen=True, slots=True)
class Run:
    """A class that was graded, and everything that it left."""

    scene: Scene
    command: subprocess.CompletedProcess[bytes]
    students: Mapping[str, Mapping[str, Any]]  # of results.json, by lesson
    survivors: set[int]  # processes that outlived the grader

    def lesson(self, student: str, lesson: str) -> Any:
        """A lesson's entry in results.json."""
        return self.students[student][lesson]

    def verdict(self, program: Program) -> str:
        """The outcome of a program's lesson, in the words of its head."""
        return describe_outcome(self.lesson(program.student, program.lesson))

    def traces(self) -> dict[str, bytes]:
        """Everything that the grader wrote, by place."""
        files = [path for name in ("out", "tmp") for path in (self.scene.folder / name).rglob("*")]
        written = {str(path): path.read_bytes() for path in files if path.is_file()}
        return written | {"stdout": self.command.stdout, "stderr": self.command.stderr}


def describe_outcome(lesson: Any) -> str:
    """A lesson's outcome in the words of a program's head.

    Returns:
        ``check=status`` for every check; or the lesson's status, if it was not graded.
    """
    if lesson["status"] != "graded":
        return str(lesson["status"])
    statuses = {entry["check"].removeprefix("test_"): entry["status"] for entry in lesson["checks"]}
    order = ("number", "values", "total", "chained", "half")
    return " ".join(f"{check}={statuses[check]}" for check in order if check in statuses)


def grade(scene: Scene, level: str, user: str, *options: str) -> Run:
    """Grade a scene's class with the command, as this user; record what is left afterwards."""
    (scene.folder / "tmp").mkdir()
    command = [sys.executable, "-X", scene.canaries["CANARY-argument"], "-m", "grader"]
    command += ["--course", str(scene.course), "grade", str(scene.submissions)]
    command += ["--out", str(scene.folder / "out"), "--isolation", level, *options]
    if user == "ordinary":
        command = on_a_machine("be_ordinary()", command, own=scene.folder)
    with adopting() as survivors:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            timeout=600,
            cwd=scene.folder,
            env={
                **os.environ,
                "PYTHONPATH": str(REPOSITORY),
                "TMPDIR": str(scene.folder / "tmp"),
                "GRADER_CANARY": scene.canaries["CANARY-environment"],
            },
        )
    assert done.returncode == 0, done.stderr.decode()
    report = json.loads((scene.folder / "out" / "results.json").read_bytes())
    students = {
        student["student"]: {lesson["lesson"]: lesson for lesson in student["lessons"]}
        for student in report["students"]
    }
    return Run(scene, done, students, survivors)


@contextmanager
def adopting() -> Iterator[set[int]]:
    """Adopt processes that lose their parent; afterwards the set has those that did not end."""
    libc = ctypes.CDLL(None)
    survivors: set[int] = set()
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = children()
    try:
        yield survivors
    finally:
        survivors |= outlived(before)
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
        for pid in survivors:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def children() -> set[int]:
    """The living children of this process."""
    living = set()
    for task in Path("/proc/self/task").iterdir():
        living |= {int(pid) for pid in (task / "children").read_text("ascii").split()}
    return living


def outlived(before: set[int]) -> set[int]:
    """New children that do not end within three seconds."""
    end = time.monotonic() + 3
    while new := children() - before:
        for pid in new:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        if time.monotonic() > end:
            return new
        time.sleep(0.02)
    return set()
