"""How fast is this grader? One run, one machine, side by side with what it would replace.

All grade the same lessons of correct students, and all are checked to have given full marks:

* ``grader grade``, the real command, on classes of several sizes, on all cores;
* ``nbgrader autograde``, the real command, one assignment a lesson;
* one bare ``pytest`` process for each lesson of each student, one after another and in parallel.

Beside that, how long a student waits for ``grader check``, in turns with a bare pytest; how long a
class takes of which nothing has changed; and what a confined worker costs over a bare fork.

Prints a table; exits with 0 whatever the figures are, unless ``--check`` is given.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NoReturn

import own_check
import report
from classroom import BulkClassroom, Classroom
from lessons import benchmarked, number_of_checks, write_class
from measure import BenchmarkError, Usage, adopt_orphans, run
from shell_loop import ShellLoop

from grader.course import Course

_HERE: Final = Path(__file__).resolve().parent
_REPOSITORY: Final = _HERE.parent
_SMALL_RUNS: Final = 3  # of the smallest class: one in each third of the benchmark
_BULK: Final = 100  # students of the classroom that is graded all at once, at most
_INSIDE: Final = 100  # students whose time is broken down, at most
_DIFFERING: Final = 500  # students of the class with no two answers alike, at most
_RERUNS: Final = 5  # of a class of which nothing has changed, at most
_REPEATS: Final = 9  # of what takes a second or less

_Progress = Callable[[str], None]


def main() -> int:
    """Run the benchmark; see the module's docstring."""
    arguments = _arguments()
    if not sys.platform.startswith("linux"):
        print("The benchmark measures isolation `full`, which needs Linux.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, _leave)  # so that temporary files are removed then, too
    progress = _progress()
    try:
        adopt_orphans()
        with tempfile.TemporaryDirectory(prefix="grader-bench-") as folder:
            figures = measure(
                benchmarked(Course.load(arguments.course)),
                Path(folder),
                arguments.students,
                arguments.peers,
                progress,
                repeats=arguments.repeats,
            )
    except BenchmarkError as error:
        print(f"The benchmark failed: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    print(report.render(figures))
    missed = [target["name"] for target in figures["targets"] if not target["met"]]
    return 1 if arguments.check and missed else 0


def measure(
    course: Course,
    folder: Path,
    sizes: Sequence[int],
    peers: int,
    progress: _Progress,
    *,
    repeats: int,
) -> dict[str, Any]:
    """Measure everything, with the rivals taking turns, and return the figures."""
    start, load, jobs = time.perf_counter(), os.getloadavg(), os.cpu_count() or 1
    grader = GraderRuns(course, folder / "grader", jobs)
    classroom = Classroom(course, folder / "nbgrader", peers)
    loop = ShellLoop(course, folder / "pytest")

    progress(f"nbgrader: a course directory with {peers} students")
    classroom.prepare()
    loop.prepare()
    students = write_class(course, folder / "students", peers, "pytest")
    small, *larger = sorted(set(sizes))
    bulk_size = min(_BULK, max(sizes))

    progress(f"grader grade: {small} students")
    grader.grade(small)
    autograde: list[Usage] = []
    one_by_one: list[Usage] = []
    for turn in range(max(peers, len(course.lessons))):
        if turn < len(course.lessons):
            progress(f"nbgrader autograde {course.lessons[turn].id}: {peers} students")
            autograde.append(classroom.autograde(course.lessons[turn]))
        if turn < peers:
            progress(f"pytest: student {turn + 1} of {peers}")
            one_by_one.append(loop.grade(students[turn : turn + 1]))
        if turn == len(course.lessons) // 2:
            progress(f"grader grade: {small} students")
            grader.grade(small)
    classroom.check_marks()
    progress("nbgrader autograde with nothing to do: its start-up")
    idle = [classroom.autograde(lesson) for lesson in course.lessons[:2]]
    bulk = BulkClassroom(Course.load(course.root), folder / "bulk" / "room", bulk_size)
    progress(f"grader classroom autograde: {bulk_size} students, a notebook for every lesson")
    bulk.prepare()
    bulk_usage = bulk.autograde()
    bulk.check_marks()
    for size in larger:
        progress(f"grader grade: {size} students")
        grader.grade(size)
    progress(f"grader grade: {max(sizes)} students of whom nobody has changed")
    rerun = grader.rerun(max(sizes), min(repeats, _RERUNS))
    progress("grader grade: no two answers alike")
    differing = grader.differing(min(_DIFFERING, max(sizes)))
    progress(f"grader grade: {small} students")
    grader.grade(small)
    progress(f"pytest: {peers} students, {jobs} processes at once")
    at_once = loop.grade(students, at_once=jobs)
    progress("pytest: 1 student, with the plugins of this environment")
    with_plugins = loop.grade(students[:1], plugins=True)
    progress("grader check and bare pytest, taking turns")
    own = own_check.measure(course, loop, students[0], folder / "own", turns=repeats)
    progress("where the time goes, what a worker costs")
    inside = look_inside(course, folder / "inside", min(_INSIDE, max(sizes)), repeats)

    tools = [grader.figures(size) for size in sorted(set(sizes), reverse=True)]
    tools += [
        differing,
        _nbgrader_figures(autograde, peers),
        _nbgrader_figures(autograde, peers, idle),
        _median_figures("pytest, one process after another", one_by_one),
        _figures(f"pytest, {jobs} processes at once", peers, [at_once]),
        _figures("pytest, with the plugins installed here", 1, [with_plugins]),
    ]
    return report.complete(
        {
            "machine": _machine(),
            "load": {"before": load[0], "after": os.getloadavg()[0]},
            "lessons": len(course.lessons),
            "checks": sum(number_of_checks(lesson) for lesson in course.lessons),
            "tools": tools,
            "classroom": _figures("grader classroom autograde", bulk_size, [bulk_usage]),
            "memory": grader.memory(max(sizes)),
            "own_check": own,
            "rerun": rerun,
            **inside,
            "benchmark_seconds": time.perf_counter() - start,
        }
    )


class GraderRuns:
    """Runs of ``grader grade``; every run gets a class of its own and an empty output folder."""

    def __init__(self, course: Course, folder: Path, jobs: int) -> None:
        self.course = course
        self.folder = folder
        self.jobs = jobs
        self.runs: dict[int, list[Usage]] = {}

    def grade(self, size: int) -> None:
        """Grade a class and check its marks.

        Raises:
            BenchmarkError: somebody did not get full marks.
        """
        runs = self.runs.setdefault(size, [])
        folder = self.folder / f"{size}-{len(runs)}"
        write_class(self.course, folder / "submissions", size, folder.name)
        usage = self._run(folder, sample_memory=True)
        self._check_marks(folder, size)
        runs.append(usage)

    def differing(self, size: int) -> dict[str, Any]:
        """Grade a class whose functions return numbers of their own; the figures of that.

        Raises:
            BenchmarkError: somebody did not get full marks.
        """
        folder = self.folder / f"{size}-differing"
        write_class(self.course, folder / "submissions", size, folder.name, alike=False)
        usage = self._run(folder)
        self._check_marks(folder, size)
        return _figures(f"grader grade, {self.jobs} at once, no two alike", size, [usage])

    def rerun(self, size: int, times: int) -> dict[str, Any]:
        """Grade a class again that has been graded; the figures of some runs, their medians.

        Raises:
            BenchmarkError: somebody did not get full marks, or was graded again.
        """
        folder = self.folder / f"{size}-0"
        runs = [self._run(folder) for _ in range(times)]
        if not all(f"{size} students unchanged" in usage.output[0] for usage in runs):
            raise BenchmarkError(f"grader: somebody was graded again: {runs[-1].output[0]}")
        self._check_marks(folder, size)
        return {
            "students": size,
            "runs": times,
            "seconds": statistics.median(usage.seconds for usage in runs),
            "cpu_seconds": statistics.median(usage.cpu for usage in runs),
            "others_share": statistics.median(usage.others for usage in runs),
        }

    def _run(self, folder: Path, *, sample_memory: bool = False) -> Usage:
        command = ["grade", str(folder / "submissions"), "--out", str(folder / "out")]
        return run(
            [sys.executable, "-m", "grader", "--course", str(self.course.root), *command],
            cwd=folder,
            sample_memory=sample_memory,
        )

    def _check_marks(self, folder: Path, size: int) -> None:
        results = json.loads((folder / "out" / "results.json").read_text("utf-8"))
        students = results["students"]
        handed_in = set(self.course.lesson_ids)
        short = [
            entry["student"]
            for entry in students
            for lesson in entry["lessons"]
            if lesson["lesson"] in handed_in and lesson["score"] != lesson["max_score"]
        ]
        if len(students) != size or short or results["isolation"] != "full":
            raise BenchmarkError(
                f"grader: {len(students)} of {size} graded, no full marks: {short[:9]}"
            )

    def figures(self, size: int) -> dict[str, Any]:
        """Figures of the runs of that size: their medians."""
        return _figures(f"grader grade, {self.jobs} at once, answers alike", size, self.runs[size])

    def memory(self, size: int) -> dict[str, Any]:
        """The peaks of the first run of that size."""
        memory = self.runs[size][0].memory
        assert memory is not None
        return {
            "students": size,
            "trusted_pss_bytes": memory.trusted_pss,
            "command_pss_bytes": memory.command_pss,
            "trusted_rss_bytes": memory.trusted_rss,
            "untrusted_rss_bytes": memory.untrusted_rss,
            "trusted_processes": memory.trusted_processes,
            "samples": memory.samples,
            "sampling_cpu_seconds": memory.sampling_cpu,
        }


def look_inside(course: Course, folder: Path, students: int, repeats: int) -> dict[str, Any]:
    """The figures of ``inside.py``."""
    write_class(course, folder, students, "inside")
    usage = run(
        [sys.executable, str(_HERE / "inside.py"), str(course.root), str(folder), str(repeats)],
        cwd=folder,
    )
    figures: dict[str, Any] = json.loads(usage.output[0].splitlines()[-1])
    return figures


def _figures(tool: str, students: int, runs: Sequence[Usage]) -> dict[str, Any]:
    seconds = statistics.median(usage.seconds for usage in runs)
    return {
        "tool": tool,
        "students": students,
        "runs": len(runs),
        "students_per_second": students / seconds,
        "seconds_per_student": seconds / students,
        "cpu_seconds_per_student": statistics.median(usage.cpu for usage in runs) / students,
        "others_share": statistics.median(usage.others for usage in runs),
        "seconds": [usage.seconds for usage in runs],
    }


def _median_figures(tool: str, of_students: Sequence[Usage]) -> dict[str, Any]:
    """Figures of a tool that grades students one by one, from the student in the middle."""
    one = _figures(tool, 1, of_students)
    return {**one, "students": len(of_students), "runs": 1}


def _nbgrader_figures(
    lessons: Sequence[Usage], students: int, idle: Sequence[Usage] = ()
) -> dict[str, Any]:
    """Figures of nbgrader, all lessons together; less its start-ups, if these are given."""
    seconds = sum(usage.seconds for usage in lessons)
    cpu = sum(usage.cpu for usage in lessons)
    if idle:
        seconds -= len(lessons) * min(usage.seconds for usage in idle)
        cpu -= len(lessons) * min(usage.cpu for usage in idle)
    whole = Usage(seconds, cpu, statistics.median(usage.others for usage in lessons), [])
    name = "nbgrader autograde, start-up left out" if idle else "nbgrader autograde"
    return _figures(name, students, [whole])


def _machine() -> Mapping[str, str | int]:
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    ]
    packages = {name: version(name) for name in ("numpy", "pytest", "nbgrader")}
    return {
        "cores": os.cpu_count() or 1,
        "processor": models[0] if models else platform.machine(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        **packages,
    }


def _progress() -> _Progress:
    start = time.perf_counter()

    def say(line: str) -> None:
        load = os.getloadavg()[0]
        print(f"{time.perf_counter() - start:5.0f} s  load {load:4.1f}  {line}", file=sys.stderr)

    return say


def _leave(*_: object) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--students", type=_count, nargs="+", default=[200, 2000], help="sizes of the classes")
    add("--peers", type=_count, default=5, help="students that nbgrader and pytest grade")
    add("--course", type=Path, metavar="DIR", default=_REPOSITORY, help="whose lessons are graded")
    add("--repeats", type=_count, default=_REPEATS, help="of what takes a second or less")
    add("--json", type=Path, metavar="FILE", help="write all figures there, too")
    add("--check", action="store_true", help="exit with 1 when a target is missed")
    return parser.parse_args()


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
