"""Grade thousands of mixed students in one run, and look at what it leaves behind: nothing.

The class is made of correct students, of those in ``tests/sample_class``, of the attacks in
``tests/hostile``, each in the place of some lesson, and of files that are none. All are graded
with one real ``grader grade``, with this course's checks and tighter limits, so that a program
that hangs does not hang for long. Meanwhile the trusted processes are watched; afterwards,

* every correct student has full marks, and everyone who handed in is in the report;
* no process, mount, temporary file or half-written result is left;
* no trusted process had more descriptors, or much more memory, late in the run than early in it.

Prints a line for each, and exits with 1 if one of them does not hold.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any, Final, Self

import yaml
from lessons import student_source
from measure import PROC, BenchmarkError, adopt_orphans, rss, tree

from grader.course import Course, Lesson

_REPOSITORY: Final = Path(__file__).resolve().parent.parent
#: Enough for every correct answer many times over, on a busy machine, too.
_LIMITS: Final = {
    "cpu_seconds_per_call": 0.5,
    "wall_seconds_per_call": 2,
    "seconds_per_lesson": 2,
    "memory_mib": 256,
}
_SAMPLE_SECONDS: Final = 0.25
_RUN_SECONDS: Final = 3_000.0  # it hangs, then
_ORPHAN_SECONDS: Final = 5.0
_MORE_DESCRIPTORS: Final = 4  # late in the run than early in it: a batch may be at another point
_MORE_MEMORY: Final = 16 * 2**20  # bytes, of one process: the C library keeps the largest reply
_MORE_PER_STUDENT: Final = 48 * 1024  # bytes; the command itself holds everyone's results


@dataclass(frozen=True, slots=True)
class Soak:
    """A class in a folder, the course that it is graded with, and who is to have full marks."""

    root: Path
    correct: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Everyone, in the report's order."""
        return tuple(sorted(self.correct + self.others))


def main() -> int:
    """Run the soak; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--students", type=int, default=2_000, help="how many, in all")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--isolation", help="the level; left out, what the grader takes by itself")
    arguments = parser.parse_args()
    if not sys.platform.startswith("linux"):
        print("The soak looks into /proc, which needs Linux.", file=sys.stderr)
        return 1
    adopt_orphans()  # whatever outlives its parent becomes this process's child, and is seen
    with tempfile.TemporaryDirectory(prefix="grader-soak-") as folder:
        soak = make_class(Path(folder), arguments.students)
        options = ["--jobs", str(arguments.jobs)]
        if arguments.isolation:
            options += ["--isolation", arguments.isolation]
        problems = list(run(soak, options))
    end_orphans()
    for problem in problems:
        print(f"FAILED: {problem}")
    return 1 if problems else 0


# ------------------------------------------------------------------------------ the class


def make_class(root: Path, count: int) -> Soak:
    """Write a class of `count` students, a fifth of them trouble, and a course with limits."""
    course = Course.load(_copy_course(root / "course"))
    folder = root / "class"
    folder.mkdir()
    correct: list[str] = []
    others: list[str] = []
    trouble = cycle(_trouble(course))
    for number in range(count):
        if number % 5 == 4:
            kind, hand_in = next(trouble)
            others.append(f"{number:05} {kind}")
            hand_in(folder / others[-1])
        else:
            correct.append(f"{number:05} correct")
            _correct(course, folder / correct[-1])
    return Soak(root, tuple(correct), tuple(others))


def _copy_course(target: Path) -> Path:
    for part in ("solutions", "exercises", "tests/lessons"):
        if (_REPOSITORY / part).is_dir():
            shutil.copytree(_REPOSITORY / part, target / part)
    settings = yaml.safe_load((_REPOSITORY / "course.yaml").read_text("utf-8"))
    settings["limits"] = settings.get("limits", {}) | _LIMITS
    (target / "course.yaml").write_text(yaml.safe_dump(settings, sort_keys=False), "utf-8")
    return target


_HandIn = Callable[[Path], object]


def _trouble(course: Course) -> Iterator[tuple[str, _HandIn]]:
    """All kinds of trouble in turn: a name, and what writes it into a folder."""
    attacks = sorted((_REPOSITORY / "tests" / "hostile").rglob("*.py"))
    attacks = [path for path in attacks if not {"course", "honest"} & set(path.parts)]
    places = cycle(course.lessons)
    students = sorted((_REPOSITORY / "tests" / "sample_class").iterdir())
    for path in students:
        if path.is_dir():
            yield path.name, lambda target, path=path: shutil.copytree(path, target)  # type: ignore[misc]
    for path in attacks:
        lesson = next(places)
        yield (
            path.stem,
            lambda target, path=path, lesson=lesson: _attack(  # type: ignore[misc]
                course, lesson, path, target
            ),
        )
    for name, spoil in _SPOILERS.items():
        lesson = next(places)
        yield (
            name,
            lambda target, spoil=spoil, lesson=lesson: _spoilt(  # type: ignore[misc]
                course, lesson, spoil, target
            ),
        )


def _correct(course: Course, target: Path) -> None:
    target.mkdir()
    for lesson in course.lessons:
        text = student_source(lesson, target.name, "soak")
        (target / f"{lesson.id}.py").write_text(text, "utf-8")


def _attack(course: Course, lesson: Lesson, program: Path, target: Path) -> None:
    """A correct student but for one lesson: each of its functions calls the attack's first."""
    _correct(course, target)
    functions = [
        node.name
        for node in ast.parse(lesson.solution.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    bridge = f"""

_ATTACKS = [it for it in list(globals().values()) if getattr(it, "__module__", 0) == __name__]
def _bridge(*values, **named):
    return [attack(*values[:1]) for attack in _ATTACKS if callable(attack)]
globals().update(dict.fromkeys({functions!r}, _bridge))
"""
    text = program.read_text("utf-8", "surrogateescape") + bridge
    (target / f"{lesson.id}.py").write_text(text, "utf-8", "surrogateescape")


def _spoilt(course: Course, lesson: Lesson, spoil: _HandIn, target: Path) -> None:
    _correct(course, target)
    path = target / f"{lesson.id}.py"
    path.unlink()
    spoil(path)


def _bomb(path: Path, names: Sequence[str], size: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"\0" * size)
    student = path.parent
    shutil.rmtree(student)
    student.with_name(f"{student.name}.zip").write_bytes(buffer.getvalue())


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**40)


_SPOILERS: Final[dict[str, _HandIn]] = {
    "pipe": os.mkfifo,
    "link": lambda path: path.symlink_to("/etc/passwd"),
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
    "folder": lambda path: path.mkdir(),
    "noise": lambda path: path.write_bytes(os.urandom(10_000)),
    "nul bytes": lambda path: path.write_bytes(bytes(10_000)),
    "sparse": _sparse,
    "deep": lambda path: path.with_suffix(".ipynb").write_text("[" * 100_000),
    "bomb": lambda path: _bomb(path, [path.name], 2**24),
    "many": lambda path: _bomb(path, [str(number) for number in range(2_000)], 0),
}


# ------------------------------------------------------------------------------ the run


@dataclass(slots=True)
class Watch:
    """Samples of the trusted processes while the ``with`` block runs, by process."""

    root: int
    memory: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))  # bytes
    descriptors: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    names: dict[int, str] = field(default_factory=dict)
    _done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        assert self._thread is not None
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            for pid, trusted in tree(self.root, trusted=True):
                with suppress(OSError):
                    self._sample(pid, trusted)

    def _sample(self, pid: int, trusted: bool) -> None:
        name = (PROC / f"{pid}/comm").read_text("ascii", "replace").strip()
        # A zygote runs no student's code, either; its workers are forked from it, and do.
        is_zygote = not trusted and name == "grader-zygote" and _parent(pid) in self.names
        if not trusted and not is_zygote:
            return
        self.names[pid] = "the command" if pid == self.root else name if is_zygote else "a process"
        self.memory[pid].append(rss(pid))
        if not is_zygote:  # confined: nobody may count them from here
            self.descriptors[pid].append(len(list((PROC / f"{pid}/fd").iterdir())))


def _parent(pid: int) -> int:
    """The parent of a process, by the kernel's own account."""
    return int((PROC / f"{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[1])


def run(soak: Soak, options: Sequence[str]) -> Iterator[str]:
    """Grade the class; print what was seen, and give a sentence for each thing that is wrong."""
    out, scratch = soak.root / "out", soak.root / "tmp"
    scratch.mkdir()
    mounts = _mounts()
    start = time.monotonic()
    command = [sys.executable, "-m", "grader", "--course", str(soak.root / "course"), "grade"]
    with (
        subprocess.Popen(
            [*command, str(soak.root / "class"), "--out", str(out), *options],
            cwd=_REPOSITORY,
            env={**os.environ, "TMPDIR": str(scratch)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
        Watch(process.pid) as watch,
    ):
        output, _ = process.communicate(timeout=_RUN_SECONDS)
    seconds = time.monotonic() - start
    count = len(soak.names)
    print(f"{count:,} students in {seconds:.0f} s, {count / seconds:.1f} a second")
    if process.returncode != 0:
        yield f"exit code {process.returncode}:\n{output[-2_000:]}"
        return
    yield from _about_marks(soak, json.loads((out / "results.json").read_text("utf-8")))
    yield from _about_what_is_left(soak, mounts)
    yield from _about_growth(watch, count)


def _to_mark(student: dict[str, Any]) -> float:
    """The points of the answers that wait for a person."""
    checks = (check for lesson in student["lessons"] for check in lesson["checks"])
    return sum(float(check["max_score"]) for check in checks if check["status"] == "pending")


def _about_marks(soak: Soak, results: dict[str, Any]) -> Iterator[str]:
    students = {student["student"]: student for student in results["students"]}
    if sorted(students) != list(soak.names):
        yield "not everyone who handed in is in the report, or somebody else is"
    full = {
        name
        for name, student in students.items()
        if student["score"] == student["max_score"] - _to_mark(student)
    }
    poor = [name for name in soak.correct if name not in full]
    print(f"correct students with full marks   {len(soak.correct) - len(poor):,}"
          f" of {len(soak.correct):,}")  # fmt: skip
    if poor:
        yield f"without full marks: {', '.join(poor[:5])}"
    statuses: dict[str, int] = defaultdict(int)
    for name in soak.others:
        for lesson in students.get(name, {}).get("lessons", ()):
            statuses[lesson["status"]] += lesson["status"] != "graded"
            for check in lesson["checks"]:
                statuses[check["status"]] += 1
    seen = ", ".join(f"{many:,} {status}" for status, many in sorted(statuses.items()) if many)
    print(f"checks of the {len(soak.others):,} others   {seen}")
    if statuses["grader_error"]:
        yield "a check of ours broke"
    if statuses["undecided"]:
        yield "a program broke the grader"


def _about_what_is_left(soak: Soak, mounts: set[str]) -> Iterator[str]:
    left = [f"the process {name}" for name in _orphans()]
    left += [f"the mount {mount}" for mount in _mounts() - mounts]
    left += [str(path) for path in (soak.root / "tmp").rglob("*")]
    left += [str(path) for path in (soak.root / "out").rglob(".*")]
    print(f"processes, mounts and files left   {len(left)}")
    if left:
        yield f"left behind: {', '.join(left[:5])}"


def _mounts() -> set[str]:
    """The mounts that this process sees; numbers change, so only what is where."""
    lines = (PROC / "self/mountinfo").read_text("utf-8", "replace").splitlines()
    return {line.split()[4] for line in lines}


def _orphans() -> list[str]:
    """Descendants that outlived the command by some seconds, by name."""
    until = time.monotonic() + _ORPHAN_SECONDS
    while time.monotonic() < until:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return []
        if pid == 0:
            time.sleep(0.05)
    own = os.getpid()
    pids = [pid for pid, _ in tree(own, trusted=True) if pid != own]
    return [(PROC / f"{pid}/comm").read_text("ascii", "replace").strip() for pid in pids]


def end_orphans() -> None:
    """Kill what the command left running, now that it has been told."""
    for pid, _ in tree(os.getpid(), trusted=True):
        if pid != os.getpid():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _about_growth(watch: Watch, count: int) -> Iterator[str]:
    for what, samples, more in (
        ("descriptors", watch.descriptors, _MORE_DESCRIPTORS),
        ("memory", watch.memory, _MORE_MEMORY),
    ):
        for pid, series in sorted(samples.items()):
            if len(series) < 12:
                continue  # too short-lived to tell
            name = watch.names[pid]
            third = len(series) // 3
            # All kinds of trouble come in the first third, so that is as bad as it should get.
            early, late = max(series[:third]), max(series[-third:])
            bound = more
            if what == "memory" and name == "the command":
                bound += count * _MORE_PER_STUDENT
            shown = (
                f"{early:.0f} → {late:.0f}"
                if what == "descriptors"
                else f"{early / 2**20:.1f} → {late / 2**20:.1f} MiB"
            )
            print(f"{what} of {name} {pid}   {shown}")
            if late - early > bound:
                yield f"{what} of {name} grew: {shown}"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchmarkError as error:
        sys.exit(f"The soak could not be run: {error}")
