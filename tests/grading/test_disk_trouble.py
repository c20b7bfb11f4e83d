"""A full disk, a damaged store, an output that cannot be written: one sentence, nothing lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_course import CourseWriter

from grader.grading.store import FILENAME

pytestmark = pytest.mark.slow  # runs the command again and again

STUDENTS = ("ada", "ben", "cleo")


@pytest.fixture
def tree(tiny_course: CourseWriter, tmp_path: Path) -> tuple[Path, Path, Path]:
    """A course, a class, and a place for results, with the grades of an earlier run in it."""
    course = tiny_course(lessons=[{"id": "double", "points": 4}])
    for name in STUDENTS:
        hand_in(tmp_path / "class", name, "2 * x")
    tree = course, tmp_path / "class", tmp_path / "out"
    assert run(tree).returncode == 0
    return tree


def hand_in(class_: Path, name: str, what: str) -> None:
    (class_ / name).mkdir(parents=True, exist_ok=True)
    (class_ / name / "double.py").write_text(f"def double(x):\n    return {what}\n")


def command(tree: tuple[Path, Path, Path]) -> list[str]:
    course, submissions, out = map(str, tree)
    options = ["--course", course, "grade", submissions, "--out", out, "--jobs", "1"]
    return [sys.executable, "-m", "grader", *options]


def run(
    tree: tuple[Path, Path, Path], *, shell: str = 'exec "$@"'
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", shell, "sh", *command(tree)], capture_output=True, text=True, check=False
    )


def is_told(done: subprocess.CompletedProcess[str], *words: str) -> bool:
    assert done.returncode == 1, done.stdout + done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert "Traceback" not in done.stderr
    return all(word in line for word in words)


def written(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in ("results.json", "grades.csv")}


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as POSIX has it")
def test_where_files_cannot_grow_earlier_results_stay(tree: tuple[Path, Path, Path]) -> None:
    _, class_, out = tree
    before = written(out)
    hand_in(class_, "ben", "3 * x")
    assert is_told(run(tree, shell='ulimit -f 2; exec "$@"'), "What was graded before is kept")
    assert written(out) == before
    assert "2 students unchanged" in run(tree).stdout
    assert written(out) != before


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0 or not shutil.which("unshare"),
    reason="mounts a small disk, which needs root",
)
def test_a_full_disk_is_told_and_earlier_results_stay(tree: tuple[Path, Path, Path]) -> None:
    _, class_, out = tree
    script = """
        set -u
        mount -t tmpfs -o size=400k none "$OUT" || exit 9
        "$@" || exit 8
        cp "$OUT/results.json" "$OUT/../before"
        printf 'def double(x): return 3 * x' >"$CLASS/ben/double.py"
        cat /dev/zero >"$OUT/fill" 2>/dev/null
        "$@" && exit 7
        cmp "$OUT/results.json" "$OUT/../before" || exit 6
        rm "$OUT/fill"
        "$@" || exit 5
        cmp -s "$OUT/results.json" "$OUT/../before" && exit 4
        exit 0
    """
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", *command(tree)],
        env={**os.environ, "OUT": str(out), "CLASS": str(class_)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert "What was graded before is kept" in done.stderr or "cannot write" in done.stderr
    assert "2 students unchanged" in done.stdout


def test_a_damaged_store_is_told_and_left_alone(tree: tuple[Path, Path, Path]) -> None:
    out = tree[2]
    before = written(out)
    store = out / FILENAME
    damaged = store.read_bytes()[:4096] + os.urandom(store.stat().st_size - 4096)
    store.write_bytes(damaged)
    assert is_told(run(tree), "is damaged", "Restore it from a copy")
    assert store.read_bytes() == damaged
    assert written(out) == before


@pytest.mark.parametrize("place", [FILENAME, "results.json", "grades.csv"])
def test_a_folder_in_the_place_of_a_file_is_told(tree: tuple[Path, Path, Path], place: str) -> None:
    out = tree[2]
    (out / place).unlink()
    (out / place).mkdir()
    assert is_told(run(tree), str(out / place))
    (out / place).rmdir()
    assert run(tree).returncode == 0


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.parametrize("place", [FILENAME, "."])
def test_what_is_read_only_is_told(tree: tuple[Path, Path, Path], place: str) -> None:
    out = tree[2]
    before = written(out)
    (out / place).chmod(0o555)
    try:
        assert is_told(run(tree), str(out))
        assert written(out) == before
    finally:
        (out / place).chmod(0o755)
