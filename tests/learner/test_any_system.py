"""All commands of a student on a system without fork and everything else of Linux."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from other_system import OTHER_SYSTEM, grader_on_other_system, python_on_other_system
from places import REPOSITORY
from terminals import wait_until

ADA = REPOSITORY / "tests" / "sample_class" / "ada"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course(released_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A students' copy of this course, with one lesson right, one wrong and one endless."""
    folder = shutil.copytree(released_course, tmp_path_factory.mktemp("other") / "course")
    shutil.copy(ADA / "softmax.py", folder / "exercises")
    shutil.copy(REPOSITORY / "tests" / "sample_class" / "finn" / "qkv.py", folder / "exercises")
    endless = "def dot_product(u, v):\n    while True:\n        pass\n"
    (folder / "exercises" / "dot_product.py").write_text(endless)
    text = (folder / "course.yaml").read_text()
    text = text.replace("cpu_seconds_per_call: 2", "cpu_seconds_per_call: 0.2")
    text = text.replace("wall_seconds_per_call: 8", "wall_seconds_per_call: 1")
    (folder / "course.yaml").write_text(text.replace("per_lesson: 10", "per_lesson: 3"))
    return folder


def grader(course: Path, *words: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        grader_on_other_system(*words), cwd=course, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)}, timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.stderr == "", done.stderr
    return done


def test_nothing_of_linux_is_there() -> None:
    for name in ("fork", "killpg", "setsid"):
        assert name in OTHER_SYSTEM


#: What a student does, in this order: each command goes on from what the earlier ones left.
COMMANDS: tuple[tuple[str, int, str], ...] = (
    ("check softmax", 0, "✓ 6 checks passed"),
    ("check dot_product", 1, "no answer"),
    ("check qkv", 1, "looks like tokens that pick columns of the weight matrices"),
    ("hint qkv", 0, "hint 2 of 3"),
    ("hint attention_matrix", 0, "hint 1 of 3"),
    ("show softmax", 0, "animal"),
    ("show softmax --save picture.svg", 0, "Wrote picture.svg"),
    ("reset self_attention --yes", 0, "as it was at the start"),
    ("notebook concepts", 0, "concepts.ipynb"),
    ("notebook concepts --back", 0, "concepts.py"),
    ("", 0, "✓  2 softmax"),
    ("submit ada", 0, "Hand in this file"),
)


def test_every_command_of_a_student_works(course: Path, subtests: pytest.Subtests) -> None:
    for words, code, said in COMMANDS:
        with subtests.test(msg=f"grader {words}"):
            done = grader(course, *words.split())
            assert said in done.stdout
            assert done.returncode == code


def test_check_in_a_cell_works_there(course: Path) -> None:
    program = (
        'from grader import check\nfound = check("softmax")\nprint(found, found._repr_html_())'
    )
    done = subprocess.run(
        python_on_other_system(program), cwd=course, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)}, timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.stderr == ""
    assert "✓ 6 checks passed" in done.stdout
    assert "<svg" in done.stdout


def test_watch_works_there(course: Path) -> None:
    with (course / "out").open("w+") as out:
        process = subprocess.Popen(
            grader_on_other_system("watch", "softmax"), cwd=course, stdin=subprocess.DEVNULL,
            stdout=out, env=os.environ | {"PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        try:
            wait_until(lambda: "✓ 6 checks passed" in (course / "out").read_text())
            assert process.poll() is None
        finally:
            process.kill()
            process.wait()
