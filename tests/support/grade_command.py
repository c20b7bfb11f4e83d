"""`grader grade` run as people run it, and what it left behind: for the tests of the command."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from made_once import made_once
from places import REPOSITORY
from warm_commands import run_warm_grader

if TYPE_CHECKING:
    from tiny_course import CourseWriter

CLASS = REPOSITORY / "tests" / "sample_class"
LESSONS = [
    entry["id"] for entry in yaml.safe_load((REPOSITORY / "course.yaml").read_text())["lessons"]
]

RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    return 5\n"


def run_grader(
    *arguments: str | Path, cwd: Path = REPOSITORY, seconds: int = 600
) -> subprocess.CompletedProcess[str]:
    """Run `grader` in a process of its own."""
    words = [*map(str, arguments)]
    return subprocess.CompletedProcess(words, *run_warm_grader(words, cwd, os.environ, seconds))


@dataclass
class GradeRun:
    """One run of `grader grade`, and what it left behind."""

    process: subprocess.CompletedProcess[str]
    out: Path

    @property
    def results(self) -> dict[str, Any]:
        results: dict[str, Any] = json.loads((self.out / "results.json").read_text("utf-8"))
        return results

    @property
    def rows(self) -> list[dict[str, str]]:
        with (self.out / "grades.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def student(self, name: str) -> dict[str, Any]:
        (student,) = (student for student in self.results["students"] if student["student"] == name)
        return dict(student)

    def lesson(self, student: str, lesson: str) -> dict[str, Any]:
        (result,) = (
            result for result in self.student(student)["lessons"] if result["lesson"] == lesson
        )
        return dict(result)

    def statuses(self, student: str, lesson: str) -> list[str]:
        return [check["status"] for check in self.lesson(student, lesson)["checks"]]


def grade(submissions: Path, out: Path, *options: str, course: Path = REPOSITORY) -> GradeRun:
    return GradeRun(
        run_grader("--course", course, "grade", submissions, "--out", out, *options), out
    )


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> GradeRun:
    """The sample class, graded once as `make demo` does."""

    def make(folder: Path) -> None:
        done = run_grader("grade", CLASS, "--out", folder / "out", "--jobs", "2")
        (folder / "process.json").write_text(json.dumps(vars(done)), "utf-8")

    folder = made_once(tmp_path_factory, "sample_run", make)
    process = json.loads((folder / "process.json").read_text("utf-8"))
    return GradeRun(subprocess.CompletedProcess(**process), folder / "out")


@pytest.fixture
def double_course(tiny_course: CourseWriter) -> Path:
    """A course of one made-up lesson, worth the four points that its checks add up to."""
    return tiny_course(lessons=[{"id": "double", "points": 4}], packages=["numpy"])


def hand_in(folder: Path, lessons: Mapping[str, str]) -> Path:
    """Write submissions, by path: ``{"ada/double.py": "def …"}``."""
    for name, text in lessons.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def texts_in(value: object, but: str | None = None) -> Iterator[str]:
    """All text in a JSON document, but for what has that key."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from texts_in(part, but) if key != but else ()
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part, but)
