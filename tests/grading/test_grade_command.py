"""`grader grade` on tiny courses and parts of the sample class: isolation, names, usage."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner
from grade_command import CLASS, LESSONS, RIGHT, WRONG, GradeRun, grade, hand_in, run_grader
from places import REPOSITORY

from grader.cli import main
from grader.grading.store import FILENAME

if TYPE_CHECKING:
    from tiny_course import CourseWriter

# One failure costs only itself


@pytest.mark.slow
def test_a_single_students_folder_is_graded_as_in_the_class(
    sample_run: GradeRun, tmp_path: Path
) -> None:
    alone = grade(CLASS / "tara", tmp_path / "out")
    assert alone.process.returncode == 0, alone.process.stderr
    assert alone.results["students"] == [sample_run.student("tara")]


@pytest.mark.slow
def test_a_single_zip_is_graded_as_in_the_class(sample_run: GradeRun, tmp_path: Path) -> None:
    alone = grade(CLASS / "ivan.zip", tmp_path / "out")
    assert alone.process.returncode == 0, alone.process.stderr
    assert alone.results["students"] == [sample_run.student("ivan")]


@pytest.mark.slow
def test_a_hang_an_exit_a_memory_bomb_and_a_flood_cost_only_their_own_checks(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    checks = """\
def test_before(student):
    \"\"\"Two and two.\"\"\"
    assert student.double(2) == 4


def test_trouble(student):
    \"\"\"Seven is where the trouble starts.\"\"\"
    assert student.double(7) == 14


def test_after(student):
    \"\"\"Zero.\"\"\"
    assert student.double(0) == 0
"""
    course = tiny_course(
        lessons=[{"id": "double", "points": 3}, {"id": "twice", "points": 4}],
        visible={"double": None},
        hidden={"double": checks},
        packages=["numpy"],
        limits={"cpu_seconds_per_call": 0.4, "memory_mib": 256},
    )
    body = "def double(x):\n    if x == 7:\n        {}\n    return 2 * x\n"
    trouble = {
        "bob": ("while True: pass", "timeout"),
        "cyd": ("import os; os._exit(0)", "crashed"),
        "dan": ("import sys; sys.exit(0)", "failed"),
        "eve": ("return bytearray(2**40)", "out_of_memory"),
        "fay": ("while True: print('x' * 9999)", "timeout"),
        "gus": ("import ctypes; ctypes.string_at(0)", "crashed"),
        "hal": ("return double(x)", "failed"),
    }
    lessons = {f"{name}/double.py": body.format(line) for name, (line, _) in trouble.items()}
    lessons |= {f"{name}/double.py": body.format("pass") for name in ("ann", "cat", "zoe")}
    lessons |= {f"{name}/twice.py": RIGHT.replace("double", "twice") for name in (*trouble, "ann")}
    graded = grade(hand_in(tmp_path / "class", lessons), tmp_path / "out", course=course)
    assert graded.process.returncode == 0, graded.process.stderr
    for name, (_, status) in trouble.items():
        assert graded.statuses(name, "double") == ["passed", status, "passed"], name
        assert graded.lesson(name, "twice")["score"] == 4.0, name
    honest = [graded.lesson(name, "double") for name in ("ann", "cat", "zoe")]
    assert honest[0] == honest[1] == honest[2]
    assert honest[0]["score"] == 3.0


@pytest.mark.slow
def test_a_statement_that_ends_or_hangs_while_a_lesson_is_imported_costs_only_itself(
    double_course: Path, tmp_path: Path
) -> None:
    firsts = {
        "a": "__import__('os')._exit(0)",
        "b": "__import__('sys').exit(0)",
        "c": "while True: pass",
        "d": "bytearray(2**40)",
        "e": "1 / 0",
        "f": "x = 1",
    }
    lessons = {f"{name}/double.py": f"{first}\n{RIGHT}" for name, first in firsts.items()}
    graded = grade(hand_in(tmp_path / "class", lessons), tmp_path / "out", course=double_course)
    assert graded.process.returncode == 0, graded.process.stderr
    found = {name: graded.lesson(name, "double") for name in firsts}
    assert [(it["status"], it["score"]) for it in found.values()] == [("graded", 4.0)] * 6
    assert all("line 1" in found[name]["message"] for name in "abcde")
    assert "line 1 (`1 / 0`)" in found["e"]["message"]
    assert found["f"]["message"] is None


# The exercises as they are handed out


@pytest.mark.slow
def test_the_exercises_untouched_are_not_started_and_never_failed(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "exercises", tmp_path / "kim")
    graded = grade(tmp_path / "kim", tmp_path / "out")
    assert graded.process.returncode == 0, graded.process.stderr
    for lesson in LESSONS:
        assert set(graded.statuses("kim", lesson)) == {"not_attempted"}, lesson
    assert graded.student("kim")["score"] == 0.0


# Other courses


@pytest.mark.slow
def test_another_course_is_graded_with_the_same_command(
    double_course: Path, tmp_path: Path
) -> None:
    folder = hand_in(tmp_path / "class", {"ann/double.py": RIGHT, "bob/double.py": WRONG})
    graded = grade(folder, tmp_path / "out", course=double_course)
    assert graded.process.returncode == 0, graded.process.stderr
    assert graded.results["course"] == "tiny"
    assert [list(row.values()) for row in graded.rows] == [
        ["ann", "4", "4", "4"],
        ["bob", "0", "0", "4"],
    ]


@pytest.mark.slow
def test_what_checks_print_is_not_shown(tiny_course: CourseWriter, tmp_path: Path) -> None:
    check = """\
def test_two(student):
    \"\"\"Two and two.\"\"\"
    print("printed by a check: ä")
    assert student.double(2) == 4
"""
    lessons = [{"id": "double", "points": 1}]
    course = tiny_course(lessons=lessons, hidden={"double": check}, visible={"double": None})
    folder = hand_in(tmp_path / "class", {"ann/double.py": RIGHT})
    graded = grade(folder, tmp_path / "out", course=course)
    assert graded.statuses("ann", "double") == ["passed"]
    assert "printed" not in graded.process.stdout + graded.process.stderr


@pytest.mark.slow
def test_a_course_need_not_name_packages(tiny_course: CourseWriter, tmp_path: Path) -> None:
    course = tiny_course(lessons=[{"id": "double", "points": 4}])
    folder = hand_in(tmp_path / "class", {"ann/double.py": RIGHT})
    graded = grade(folder, tmp_path / "out", course=course)
    assert graded.process.returncode == 0, graded.process.stderr
    assert graded.student("ann")["score"] == 4.0


@pytest.mark.slow
def test_the_course_is_the_nearest_folder_upwards(double_course: Path, tmp_path: Path) -> None:
    folder = hand_in(double_course / "handed" / "in", {"ann/double.py": RIGHT})
    process = run_grader("grade", ".", "--out", tmp_path / "out", cwd=folder)
    assert process.returncode == 0, process.stderr
    assert GradeRun(process, tmp_path / "out").results["course"] == "tiny"


#: Lessons whose names are words of plain English, which code and comments need as well.
PLAIN_WORDS: Final = {"concepts", "learning", "masking", "positions"}


def test_the_engine_names_no_lesson_of_this_course() -> None:
    words = "|".join(set(LESSONS) - PLAIN_WORDS)
    quoted = "|".join(PLAIN_WORDS)
    names = re.compile(rf"\b({words})\b|[\"'`]({quoted})[\"'`.]|\bimport ({quoted})\b")
    named = {
        f"{path.relative_to(REPOSITORY)}:{number}": line.strip()
        for path in sorted((REPOSITORY / "grader").rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if names.search(line)
    }
    assert not named


# One student where a class was graded


@pytest.mark.slow
def test_one_student_alone_does_not_take_the_place_of_a_class(
    double_course: Path, tmp_path: Path
) -> None:
    folder = hand_in(tmp_path / "class", {f"{name}/double.py": RIGHT for name in ("ann", "bob")})
    out = tmp_path / "out"
    grade(folder, out, course=double_course)
    before = {path: path.read_bytes() for path in out.rglob("*.[hjc]*") if path.is_file()}
    alone = grade(folder / "ann", out, course=double_course)
    assert alone.process.returncode == 1
    assert "holds the results of others (bob), and ann alone would" in alone.process.stderr
    assert before == {path: path.read_bytes() for path in before}
    again = grade(folder / "ann", tmp_path / "alone", course=double_course)
    assert again.process.returncode == 0, again.process.stderr
    assert grade(folder / "ann", tmp_path / "alone", course=double_course).rows == again.rows


# Names


@pytest.mark.slow
def test_a_name_that_is_a_formula_is_harmless_in_the_grades(
    double_course: Path, tmp_path: Path
) -> None:
    names = ["=1+1", "+cmd|' C calc'!A0", "-2", "@SUM(A1)", "\t=3", 'a"b, c', "[bold]x"]
    folder = hand_in(tmp_path / "class", {f"{name}/double.py": RIGHT for name in names})
    graded = grade(folder, tmp_path / "out", course=double_course)
    assert graded.process.returncode == 0, graded.process.stderr
    assert [it["student"] for it in graded.results["students"]] == sorted(names)
    cells = [row["student"] for row in graded.rows]
    assert sorted(cell.removeprefix("'") for cell in cells) == sorted(names)
    assert not [cell for cell in cells if cell.lstrip()[0] in "=+-@"]
    assert "[bold]x" in graded.process.stdout
    assert "\t" not in graded.process.stdout


@pytest.mark.slow
def test_what_was_found_and_not_taken_is_told_to_both(double_course: Path, tmp_path: Path) -> None:
    lessons = {"ann/a/b/double.py": RIGHT, "ann/old/a/b/double.py": WRONG}
    lessons |= {"bob/new/double.py": RIGHT, "bob/old/double.py": WRONG, "cyd/double.py": RIGHT}
    graded = grade(hand_in(tmp_path / "class", lessons), tmp_path / "out", course=double_course)
    assert graded.process.returncode == 1
    assert "1 to look at:\nbob: double is there more than once" in graded.process.stderr
    assert "ann: a/b/double.py counts for double; old/a/b/double.py is" in graded.process.stderr
    assert [row["total"] for row in graded.rows] == ["4", "0", "4"]
    pages = {it.stem: it.read_text("utf-8") for it in (tmp_path / "out/feedback").glob("*.html")}
    assert "old/a/b/double.py is there, too, and did not count" in pages["ann"]
    assert "the files differ: new/double.py, old/double.py" in pages["bob"]


@pytest.mark.slow
def test_what_is_ignored_is_noted(double_course: Path, tmp_path: Path) -> None:
    folder = hand_in(tmp_path / "class", {"ann/double.py": RIGHT, "README.txt": "For the tutor."})
    graded = grade(folder, tmp_path / "out", course=double_course)
    assert graded.process.returncode == 0
    assert graded.process.stderr == (
        "Note: ignored, being neither a folder nor a .zip: README.txt\n"
    )


# Wrong usage, and runs that cannot be


@pytest.mark.parametrize(
    "arguments",
    [
        ["grade", "."],
        ["grade", "--out", "out"],
        ["grade", "no such folder", "--out", "out"],
        ["grade", ".", "--out", "out", "--no-such-option"],
        ["grade", ".", "--out", "out", "--jobs", "0"],
        ["grade", ".", "--out", "out", "--jobs", "many"],
        ["grade", ".", "--out", "out", "--isolation", "none"],
        ["grade", ".", ".", "--out", "out"],
        ["--course", "no such folder", "grade", ".", "--out", "out"],
        ["graed", ".", "--out", "out"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2_and_writes_nothing(
    arguments: list[str], double_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(double_course)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr
    assert not (double_course / "out").exists()


def one_student(tmp_path: Path) -> Path:
    return hand_in(tmp_path / "class", {"ann/double.py": RIGHT})


def test_without_a_course_it_cannot_run(tmp_path: Path) -> None:
    process = run_grader("grade", one_student(tmp_path), "--out", tmp_path / "out", cwd=tmp_path)
    assert process.returncode == 1
    assert "course.yaml" in process.stderr
    assert "Traceback" not in process.stderr


def test_with_an_empty_folder_it_cannot_run(double_course: Path, tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    graded = grade(tmp_path / "class", tmp_path / "out", course=double_course)
    assert graded.process.returncode == 1
    assert "holds no submissions" in graded.process.stderr


def test_where_a_file_is_in_the_output_folders_place_it_cannot_run(
    double_course: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("mine")
    graded = grade(one_student(tmp_path), tmp_path / "out", course=double_course)
    assert graded.process.returncode == 1
    assert str(tmp_path / "out") in graded.process.stderr.replace("\n", "")
    assert (tmp_path / "out").read_text() == "mine"


def test_where_the_output_folder_cannot_be_made_it_cannot_run(
    double_course: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    graded = grade(one_student(tmp_path), tmp_path / "file" / "out", course=double_course)
    assert graded.process.returncode == 1
    assert graded.process.stderr.startswith("Error: cannot write to the folder ")


@pytest.mark.slow
def test_where_the_output_folder_cannot_be_written_it_cannot_run(
    double_course: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (out / "results.json").mkdir(parents=True)  # stops root as well as anybody
    graded = grade(one_student(tmp_path), out, course=double_course)
    assert graded.process.returncode == 1
    assert graded.process.stderr.startswith("Error: cannot write ")
    left = {entry.name for entry in out.iterdir()}
    assert left == {"results.json", FILENAME}, "no half-written file stays"


@pytest.mark.slow
def test_results_of_an_earlier_run_are_replaced(double_course: Path, tmp_path: Path) -> None:
    folder, out = one_student(tmp_path), tmp_path / "out"
    hand_in(out, {"results.json": "old", "grades.csv": "old", "notes.txt": "the tutor's own"})
    graded = grade(folder, out, course=double_course)
    assert graded.process.returncode == 0, graded.process.stderr
    assert [it["student"] for it in graded.results["students"]] == ["ann"]
    assert graded.rows[0]["total"] == "4"
    left = {entry.name for entry in out.iterdir()}
    ours = {"results.json", "grades.csv", "report.html", "feedback", FILENAME}
    assert left == {*ours, "notes.txt"}
