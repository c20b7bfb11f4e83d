"""The level in force, through the command line: chosen by trying, said, stored, never lowered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from poorer_machine import IN_A_CONTAINER, WITHOUT_LANDLOCK, WITHOUT_NAMESPACES, on_a_machine
from tiny_course import CourseWriter

pytestmark = pytest.mark.slow  # runs the command again and again

GRADER = [sys.executable, "-m", "grader"]


@pytest.fixture
def course(tiny_course: CourseWriter, tmp_path: Path) -> Path:
    folder = tiny_course(lessons=[{"id": "double", "points": 4}])
    ada = tmp_path / "class" / "ada"
    ada.mkdir(parents=True)
    ada.joinpath("double.py").write_text("def double(x): return 2 * x")
    return folder


def grader(
    course: Path, *words: str, on: str = "", before: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command, on a machine that offers less if need be."""
    command = [*GRADER, "--course", str(course), *words]
    if on:
        command = on_a_machine(on, command, own=course.parent)
    if before:
        command = ["/bin/sh", "-c", f'{before} && exec "$@"', "sh", *command]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, cwd=course.parent,
        env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip


def grade(course: Path, *words: str, **where: str) -> subprocess.CompletedProcess[str]:
    return grader(course, "grade", "class", "--out", "out", "--jobs", "2", *words, **where)


def stored(course: Path) -> tuple[str, float]:
    report = json.loads((course.parent / "out" / "results.json").read_text())
    return report["isolation"], report["students"][0]["score"]


def test_the_strongest_level_is_taken_said_and_stored(course: Path) -> None:
    done = grade(course)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "Isolation: `full`."
    assert done.stderr == ""
    assert stored(course) == ("full", 4.0)


@pytest.mark.parametrize("machine", [WITHOUT_NAMESPACES, IN_A_CONTAINER])
def test_where_namespaces_are_denied_filtered_is_taken_and_one_line_says_why(
    course: Path, machine: str
) -> None:
    done = grade(course, on=machine)
    assert done.returncode == 0, done.stderr
    said = done.stderr.splitlines()[0]
    assert said.startswith("Isolation: `filtered`, since isolation `full` cannot be had here: ")
    assert "leaving the host's namespaces failed (" in said
    assert said.endswith("`grader doctor` tells more.")
    assert stored(course) == ("filtered", 4.0)


def test_the_weakest_level_is_never_taken_unasked(course: Path) -> None:
    done = grade(course, on=WITHOUT_LANDLOCK)
    assert done.returncode == 1
    assert "isolation `full` cannot be had here" in done.stderr
    assert "isolation `filtered` cannot be had here: Landlock failed" in done.stderr
    assert "--isolation process" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (course.parent / "out" / "results.json").exists()
    asked = grade(course, "--isolation", "process", on=WITHOUT_LANDLOCK)
    assert asked.returncode == 0, asked.stderr
    assert asked.stderr.splitlines()[0] == "Isolation: `process`."
    assert stored(course) == ("process", 4.0)


@pytest.mark.parametrize(
    ("machine", "level", "cause", "fix"),
    [
        (WITHOUT_NAMESPACES, "full", "user.max_user_namespaces = 0", "sysctl -w user.max_user"),
        (IN_A_CONTAINER, "full", "as Docker", "--security-opt seccomp=unconfined"),
        (WITHOUT_LANDLOCK, "filtered", "has no Landlock, or a container hides it", "Linux 5.13"),
    ],
)
def test_a_level_that_was_asked_for_is_refused_with_its_cause_and_the_fix(
    course: Path, machine: str, level: str, cause: str, fix: str
) -> None:
    done = grade(course, "--isolation", level, on=machine)
    assert done.returncode == 1
    assert f"isolation `{level}` cannot be had here" in done.stderr
    assert cause in done.stderr
    assert fix in done.stderr
    assert "Or ask for less: --isolation" in done.stderr
    assert not (course.parent / "out" / "results.json").exists()


@pytest.mark.parametrize(
    ("level", "limit", "says"),
    [
        ("full", "-n 200", ""),
        ("filtered", "-f 64", ""),
        ("process", "-n 60", ""),
        ("full", "-v 1000000", "KiB of memory (ulimit -H -v)"),
        ("filtered", "-t 5", "5 seconds of CPU time (ulimit -H -t)"),
        ("process", "-t 5", "5 seconds of CPU time (ulimit -H -t)"),
    ],
)
def test_a_limit_of_the_callers_is_kept_or_named_when_it_is_too_low(
    course: Path, level: str, limit: str, says: str
) -> None:
    done = grade(course, "--isolation", level, before=f"ulimit -S {limit}; ulimit -H {limit}")
    assert "Traceback" not in done.stderr
    if not says:
        assert done.returncode == 0, done.stderr
        assert stored(course) == (level, 4.0)
    else:
        assert done.returncode == 1
        assert says in done.stderr
        assert "Raise that limit" in done.stderr


def rows(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """The doctor's table rows, by their first word or words."""
    pairs = [line.partition("  ") for line in done.stdout.splitlines()]
    return {name: rest.strip() for name, _, rest in pairs}


def test_the_doctor_tells_levels_layers_versions_means_and_limits(course: Path) -> None:
    done = grader(course, "doctor")
    assert done.returncode == 0, done.stderr
    told = rows(done)
    for works in ("full", "filtered", "process", "user namespace", "network namespace", "seccomp"):
        assert told[works].startswith("yes"), works
    assert told["Landlock"].startswith("yes   version ")
    assert told["Python"].startswith(".".join(map(str, sys.version_info[:2])))
    assert {"grader", "numpy", "pytest", "system", "cores", "memory"} <= told.keys()
    assert told["course"] == "tiny, 1 lesson"
    assert "takes `full` here" in done.stdout
    assert "For more isolation" not in done.stdout


def test_the_doctor_tells_what_is_missing_and_what_to_do(course: Path) -> None:
    done = grader(course, "doctor", on=WITHOUT_NAMESPACES)
    assert done.returncode == 0
    told = rows(done)
    assert told["full"].startswith("no    isolation `full` cannot be had here: leaving the host's")
    assert told["filtered"].startswith("yes")
    assert told["user namespace"].startswith("no ")
    assert told["seccomp"].startswith("yes")
    assert "takes `filtered` here" in done.stdout
    _, _, advice = done.stdout.partition("For more isolation:\n")
    assert "sysctl -w user.max_user_namespaces=10000" in advice


def test_the_doctor_says_when_only_the_weakest_level_is_left(course: Path) -> None:
    done = grader(course, "doctor", on=WITHOUT_LANDLOCK)
    assert done.returncode == 0
    told = rows(done)
    assert [told[level][:3].strip() for level in ("full", "filtered", "process")] == [
        "no", "no", "yes"
    ]  # fmt: skip
    assert told["Landlock"].startswith("no ")
    assert "refuses to grade here, but with --isolation process" in done.stdout


def test_the_doctor_fails_where_nothing_can_be_graded(course: Path) -> None:
    done = grader(course, "doctor", before="ulimit -S -v 900000; ulimit -H -v 900000")
    assert done.returncode == 1
    assert "Nothing can be graded here." in done.stdout
    assert "ulimit -H -v" in done.stdout


def test_the_doctor_works_without_a_course_and_with_a_broken_one(tmp_path: Path) -> None:
    alone = subprocess.run(
        [*GRADER, "doctor"], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60
    )
    assert alone.returncode == 0, alone.stderr
    assert "no course is here: neither" in " ".join(alone.stdout.split())
    broken = tmp_path / "broken"
    broken.mkdir()
    broken.joinpath("course.yaml").write_text("id: [")
    done = grader(broken, "doctor")
    assert done.returncode == 0
    assert "Traceback" not in done.stdout + done.stderr
