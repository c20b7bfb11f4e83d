"""The visible checks where nbgrader, numpy and pytest are installed, but not the grader."""

from __future__ import annotations

import subprocess
import sysconfig
import venv
from collections.abc import Mapping
from pathlib import Path

import pytest
from classroom_folder import Classroom

pytestmark = pytest.mark.classroom

RUN_ALL_CELLS = """
import json
from pathlib import Path
for path in sorted(Path().glob("*.ipynb")):
    names = {}
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    print("passed:", path.stem)
"""
NBGRADER = "from nbgrader.apps.nbgraderapp import main; main()"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the packages of this environment, but not the grader."""
    folder = tmp_path_factory.mktemp("student") / "venv"
    venv.create(folder)
    (packages,) = folder.glob("lib/*/site-packages")
    # What a .pth file in the added folder says (where the grader lies) is not read.
    (packages / "others.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    python = folder / "bin" / "python"
    assert "No module named 'grader'" in run(python, {}, folder, "-c", "import grader", code=1)
    return python


def run(
    python: Path, environment: Mapping[str, str], cwd: Path, *arguments: str, code: int = 0
) -> str:
    done = subprocess.run(
        [str(python), *arguments], cwd=cwd, env=environment, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == code, done.stdout
    return done.stdout


def test_right_answers_pass_every_test_cell_of_this_course(
    course_classroom: Classroom, python: Path, tmp_path: Path
) -> None:
    classroom = course_classroom.copy_to(tmp_path / "room")
    folder = classroom.hand_in("ada")
    strict = {"NBGRADER_EXECUTION": "validate"}  # what is not started is an error, too
    said = run(python, classroom.environment | strict, folder, "-c", RUN_ALL_CELLS)
    for path in folder.glob("*.ipynb"):
        assert f"passed: {path.stem}" in said


def test_validate_passes_right_answers_and_names_what_is_missing(
    released_classroom: Classroom, python: Path, tmp_path: Path
) -> None:
    classroom = released_classroom.copy_to(tmp_path / "room")
    right = classroom.hand_in("ada")
    wrong = classroom.hand_in("ben", {"double": "def double(x):\n    return x + 1"})
    validate = ("-c", NBGRADER, "validate", "twice.ipynb")
    said = run(python, classroom.environment, right, *validate, "four_times.ipynb")
    assert said.count("Success") == 2
    said = run(python, classroom.environment, wrong, *validate)
    assert "VALIDATION FAILED ON 3 CELL(S)" in said
    assert "double(0) is 0." in said
    assert "raise NotImplementedError still stands there" in said
