"""The visible checks where nbgrader, numpy and pytest are installed, but not the grader."""

from __future__ import annotations

import importlib
import io
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from classroom_folder import Classroom, CourseAt, cells_called

from grader.classroom.visible_checks import VisibleChecks
from grader.classroom.visible_folder import make_visible_folder
from grader.course import Course
from grader.grading.check_subjects import list_subjects
from grader.results import Status

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
#: Runs the cells of one notebook as a kernel does, which shows the text of what they show.
SAY_OF_ALL_CELLS = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
sys.path.insert(0, "")
shell = InteractiveShell.instance()
for cell in json.loads(open(sys.argv[1], encoding="utf-8").read())["cells"]:
    if cell["cell_type"] == "code":
        shell.run_cell("".join(cell["source"]))
"""
WRONG_AXIS = """
import numpy as np
def softmax(scores, axis=-1):
    powers = np.exp(scores - np.max(scores))
    return powers / powers.sum(axis=0)
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
    assert "not started" in said


@pytest.fixture(scope="module")
def wrong_axis(course_classroom: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A classroom of this course; one student's softmax adds up columns, the rest is right."""
    classroom = course_classroom.copy_to(tmp_path_factory.mktemp("wrong-axis") / "room")
    folder = classroom.hand_in("ada")
    with classroom.edit(folder / "softmax.ipynb") as notebook:
        cells_called(notebook, "answer-softmax")[0]["source"] = WRONG_AXIS
    return classroom


def say(classroom: Classroom, python: Path, notebook: str) -> str:
    """What the test cells of a notebook say."""
    arguments = ("-c", SAY_OF_ALL_CELLS, notebook)
    return run(python, classroom.environment, classroom.folder("ada"), *arguments)


def test_a_test_cell_says_what_grader_check_says(wrong_axis: Classroom, python: Path) -> None:
    said = say(wrong_axis, python, "softmax.ipynb")
    for words in (
        "✗ Each row of softmax(scores) sums to 1. (0 / 0.5)\n"
        "    called     softmax(scores)    scores: (4, 5) float64\n"
        "    with       scores = [[",
        "    got        row sums [",
        "    expected   row sums [1. 1. 1. 1.]\n",
        "    why        a row of weights says how one query shares out its attention",
        "    looks like the normalisation ran down the columns\n",
        "    yours:\n",
        "Each row should add up to 1. It is the columns that do.",
        "    Hint: In which direction does one query share out its attention?",
        "    by the same mistake as “Each row of softmax(scores) sums to 1.”",
    ):
        assert words in said, said
    assert said.count("looks like") == 1


def test_an_earlier_lesson_that_does_not_pass_comes_first(
    wrong_axis: Classroom, python: Path
) -> None:
    said = say(wrong_axis, python, "attention_matrix.ipynb")
    assert "attention_matrix imports softmax, which does not pass yet: begin there." in said
    assert "looks like" not in said  # the mistake may be the earlier lesson's


def test_an_exception_is_told_with_the_line_and_what_it_means(
    released_classroom: Classroom, python: Path, tmp_path: Path
) -> None:
    classroom = released_classroom.copy_to(tmp_path / "room")
    lines = "def double(x):\n    y = x\n    return y + 'a'"
    classroom.hand_in("ada", {"double": lines, "halve": "halve = 5"})
    said = say(classroom, python, "twice.ipynb")
    assert "got        TypeError: unsupported operand" in said
    assert "at         your cell with `double`, line 3: return y + 'a'" in said
    assert "look at    the cell that defines it" in said


@pytest.fixture
def checks(released_classroom: Classroom) -> Iterator[VisibleChecks]:
    """The checks of the two lessons, run in this process."""
    folder = released_classroom.root / "source" / "tiny" / "visible_checks"
    checks = VisibleChecks(folder)
    yield checks
    checks.close()


def test_a_lesson_that_was_changed_after_its_import_asks_for_a_restart(
    checks: VisibleChecks, released_classroom: Classroom, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    source = released_classroom.root / "source" / "tiny"
    shutil.copy(source / "twice.ipynb", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "twice", raising=False)
    importlib.import_module("twice")
    monkeypatch.delitem(sys.modules, "twice")
    assert not checks.advise_earlier_lessons("four_times")
    with (tmp_path / "twice.ipynb").open("a", encoding="utf-8") as file:
        file.write("\n")
    advice = checks.advise_earlier_lessons("four_times")
    assert advice.startswith("four_times imports twice, which was changed since. Restart")


def test_the_stop_button_stops_all_checks(checks: VisibleChecks) -> None:
    def double(x: float) -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checks.check("twice", {"double": double})


def test_a_value_that_is_not_plain_and_a_changed_argument_are_told_as_in_grading(
    checks: VisibleChecks,
) -> None:
    found = checks.check("twice", {"double": lambda x: object(), "halve": lambda x: print})
    assert [it.status for it in found.results] == [Status.FAILED, Status.FAILED]
    assert "got        an object" in str(found.results[0].message)


def test_checks_that_import_what_students_lack_are_refused_with_file_and_import(
    two_lesson_course: Path, tmp_path: Path, released_classroom: Classroom
) -> None:
    course = tmp_path / "course"
    shutil.copytree(two_lesson_course, course)
    visible = course / "tests" / "lessons" / "visible" / "test_twice.py"
    text = visible.read_text("utf-8")
    visible.write_text(f"from grader.course import Course\nimport yaml\n{text}", "utf-8")
    arguments = ("--course", str(course), "classroom", "init", str(tmp_path / "room"))
    said = released_classroom.grader(*arguments, code=1)
    assert "tests/lessons/visible/test_twice.py:1 imports grader.course" in said
    assert "test_twice.py:2 imports yaml: students have not got that." in said
    assert not (tmp_path / "room").exists()
    used = text.replace("(student)", "(student, reference)", 1)
    visible.write_text(used.replace("== 0", "== reference.double(0)", 1), "utf-8")
    said = released_classroom.grader(*arguments, code=1)
    assert "test_double_of_zero does not pass with the solution, as students get it" in said


def test_what_visible_checks_share_comes_along(
    course_at: CourseAt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visible = 'def test_zero(student, zero):\n    """Zero."""\n    assert student.f(zero) == 0\n'
    root = course_at(
        tmp_path / "course",
        lessons=[{"id": "same", "points": 1}],
        solutions={
            "same": "# %%\ndef f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n"
        },
        hidden={"same": None},
        visible={"same": visible},
    )
    shared = "import pytest\n\n@pytest.fixture\ndef zero():\n    return 0\n"
    (root / "tests" / "lessons" / "visible" / "conftest.py").write_text(shared, "utf-8")
    course = Course.load(root)
    files = make_visible_folder(course, list_subjects(course))
    assert files["visible/conftest.py"].decode() == shared
    with zipfile.ZipFile(io.BytesIO(files["grader.zip"])) as archive:
        assert "grader/testing.py" in archive.namelist()
