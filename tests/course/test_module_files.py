"""Further modules of lessons: what course.yaml may name, how a class is graded, where they go."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from imported_later import ImportedLater
from tiny_course import CourseWriter, write_course

from grader.authoring.build import build, out_of_step
from grader.authoring.gradescope_package import build_package
from grader.authoring.release import release
from grader.classroom.handed_in import read_submission
from grader.cli import main
from grader.course import Course
from grader.errors import CourseError
from grader.grading.check_subjects import list_subjects
from grader.grading.lesson_fingerprints import LessonFingerprints
from grader.learner.workbook import Workbook
from grader.submissions.intake import take_in_one
from grader.submissions.submission import Source, Submission

source_notebooks = ImportedLater("grader.classroom.source_notebooks")

LESSON = """\
# %%
import shapes
from helpers import twice
from shapes.circle import area


def total(radii):
    \"\"\"Twice the area of all circles.\"\"\"
    ### BEGIN SOLUTION
    return twice(sum(area(it) for it in radii))
    ### END SOLUTION


def names():
    return shapes.NAMES
"""
HELPERS = """\
LIMIT = 3


class TooSmall(ValueError):
    pass


def twice(x):
    ### BEGIN SOLUTION
    if x < 0:
        raise TooSmall(x)
    return 2 * x
    ### END SOLUTION
"""
PACKAGE = 'from .circle import area\n\nNAMES = ["circle"]\n'
CIRCLE = """\
from helpers import LIMIT


def area(radius):
    ### BEGIN SOLUTION
    return LIMIT * radius**2
    ### END SOLUTION
"""
CHECKS = """\
import helpers
import pytest
import shapes.circle
from helpers import LIMIT, twice
from shapes import circle


def test_the_total(student):
    \"\"\"The total of two circles.\"\"\"
    assert student.total([1, 2]) == 30


@pytest.mark.points(2)
def test_twice(student):
    \"\"\"Twice a number.\"\"\"
    assert twice(4) == 8
    assert student.call("helpers.twice", 5).value == 10


@pytest.mark.points(2)
def test_area():
    \"\"\"The area.\"\"\"
    assert shapes.circle.area(2) == circle.area(2) == shapes.area(2) == 12


def test_values(student):
    \"\"\"Values of the modules.\"\"\"
    assert LIMIT == helpers.LIMIT == student.value("helpers.LIMIT") == 3
    assert shapes.NAMES == student.names() == ["circle"]


def test_its_own_exception():
    \"\"\"What is too small is refused.\"\"\"
    with pytest.raises(helpers.TooSmall):
        helpers.twice(-1)
"""
WITHOUT_IMPORTS = """\
import pytest


@pytest.mark.points(7)
def test_the_total(student):
    \"\"\"The total of two circles.\"\"\"
    assert student.total([1, 2]) == 30
"""
LATER = """\
# %%
from helpers import twice


def later(x):
    ### BEGIN SOLUTION
    return twice(x)
    ### END SOLUTION
"""
LATER_CHECKS = """\
def test_later(student):
    \"\"\"Later uses an earlier lesson's module.\"\"\"
    assert student.later(1) == 2
"""
EVERYTHING = {
    "total.py": LESSON,
    "helpers.py": HELPERS,
    "shapes/__init__.py": PACKAGE,
    "shapes/circle.py": CIRCLE,
    "later.py": LATER,
}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def write_shapes(folder: Path) -> Path:
    """A course with a lesson of four files, and one that uses the first one's."""
    first: dict[str, Any] = {"id": "total", "points": 7, "files": ["helpers.py", "shapes"]}
    first["hints"] = {name: ["Which?", "There.", "This."] for name in ("twice", "helpers.twice")}
    write_course(
        folder,
        lessons=[first, {"id": "later", "points": 1, "requires": ["total"]}],
        solutions={"total": LESSON, "later": LATER},
        visible={"total": CHECKS, "later": LATER_CHECKS},
        hidden={"total": None, "later": None},
    )
    write(folder / "solutions", {k: text for k, text in EVERYTHING.items() if k != "later.py"})
    return folder


def without(*names: str, **changed: str) -> dict[str, str]:
    """What a student hands in."""
    files = {name: text for name, text in EVERYTHING.items() if name not in names}
    return files | {f"{name}.py": text for name, text in changed.items()}


NOTEBOOK = json.dumps(
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": "code", "metadata": {}, "outputs": [], "source": LESSON, "id": "a"}
        ],
    }
)
STUDENTS: dict[str, dict[str, str]] = {
    "whole": EVERYTHING,
    "deep": {f"homework/week1/{name}": text for name, text in EVERYTHING.items()},
    "elsewhere": {
        ("" if "total" in name or "later" in name else "lib/") + name: text
        for name, text in EVERYTHING.items()
    },
    "renamed": without("helpers.py") | {"helpers.py.txt": HELPERS},
    "renamed_too_much": without("helpers.py") | {"helpers (1).py": HELPERS},
    "notebook": without("total.py") | {"total.ipynb": NOTEBOOK},
    "more": without("shapes/circle.py")
    | {
        "shapes/circle.py": "from .more.pi import LIMIT\n\ndef area(r): return LIMIT * r**2\n",
        "shapes/more/pi.py": "LIMIT = 3\n",
    },
    "no_helpers": without("helpers.py"),
    "no_package": without("shapes/__init__.py", "shapes/circle.py"),
    "no_lesson": without("total.py"),
    "wrong_helper": without(helpers=HELPERS.replace("2 * x", "3 * x")),
    "broken_helper": without(helpers="LIMIT = 3\n\n\ndef twice(x:\n    return x\n"),
    "stops": without(helpers="LIMIT = 3\nROOM = {}['kitchen']\n" + HELPERS),
    "large": without(helpers=HELPERS + f"# {'x' * 2_000_000}\n"),
    "twice_and_different": without("helpers.py")
    | {"a/helpers.py": HELPERS, "b/helpers.py": HELPERS + "# b\n"},
}


@dataclass(frozen=True)
class Graded:
    students: Mapping[str, Any]
    folder: Path

    def lesson(self, student: str, lesson: str = "total") -> Any:
        (row,) = (row for row in self.students[student]["lessons"] if row["lesson"] == lesson)
        return row

    def passed(self, student: str) -> set[str]:
        checks = self.lesson(student)["checks"]
        return {
            check["check"].removeprefix("test_") for check in checks if check["status"] == "passed"
        }


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """All students, graded once."""
    folder = tmp_path_factory.mktemp("modules")
    course = write_shapes(folder / "course")
    for student, files in STUDENTS.items():
        write(folder / "class" / student, files)
    with zipfile.ZipFile(folder / "class" / "zipped.zip", "w") as archive:
        for name, text in EVERYTHING.items():
            archive.writestr(f"zipped/{name}", text)
    linked = write(folder / "class" / "linked", without("helpers.py"))
    (linked / "helpers.py").symlink_to(course / "solutions" / "helpers.py")
    out = folder / "out"
    command = ["--course", str(course), "grade", str(folder / "class"), "--out", str(out)]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    results = json.loads((out / "results.json").read_text())
    return Graded({student["student"]: student for student in results["students"]}, folder)


ALL = {"the_total", "twice", "area", "values", "its_own_exception"}


@pytest.mark.parametrize(
    "student", ["whole", "deep", "elsewhere", "renamed", "notebook", "more", "zipped"]
)
def test_a_lesson_finds_its_modules_wherever_they_lie(graded: Graded, student: str) -> None:
    assert graded.passed(student) == ALL
    assert graded.lesson(student)["message"] is None
    assert graded.lesson(student, "later")["score"] == 1


@pytest.mark.parametrize(
    ("student", "passed", "note"),
    [
        ("no_helpers", set(), "helpers.py was not handed in"),
        (
            "no_package",
            {"twice", "its_own_exception"},
            "shapes/__init__.py, shapes/circle.py were not handed in",
        ),
        ("large", set(), "helpers.py cannot be read: helpers.py is larger than 1024 KiB"),
        (
            "twice_and_different",
            set(),
            "it is there more than once, and the files differ: a/helpers.py, b/helpers.py",
        ),
        (
            "renamed_too_much",
            set(),
            "helpers (1).py is there, but only helpers.py counts",
        ),
        ("linked", set(), "helpers.py is a symbolic link; hand in the file itself"),
    ],
)
def test_a_module_that_is_not_there_costs_what_needs_it(
    graded: Graded, student: str, passed: set[str], note: str
) -> None:
    lesson = graded.lesson(student)
    assert lesson["status"] == "graded"
    assert note in lesson["message"]
    assert graded.passed(student) == passed


def test_the_message_says_which_file_is_missing(graded: Graded) -> None:
    checks = {check["check"]: check["message"] for check in graded.lesson("no_helpers")["checks"]}
    assert "helpers was not handed in" in checks["test_twice"]
    assert "helpers was not handed in" in checks["test_the_total"]


def test_modules_without_their_lesson_are_told(graded: Graded) -> None:
    lesson = graded.lesson("no_lesson")
    assert lesson["status"] == "missing"
    assert "helpers.py" in lesson["message"]
    assert "but total.py or total.ipynb is not" in lesson["message"]


def test_a_mistake_in_a_module_costs_the_checks_that_see_it(graded: Graded) -> None:
    assert graded.passed("wrong_helper") == {"area", "values", "its_own_exception"}
    assert graded.lesson("wrong_helper", "later")["score"] == 0
    called = next(
        check for check in graded.lesson("wrong_helper")["checks"] if "twice" in check["check"]
    )
    assert "helpers.twice" in called["message"]


def test_a_module_that_does_not_compile_is_told_with_its_line(graded: Graded) -> None:
    checks = {
        check["check"]: check["message"] for check in graded.lesson("broken_helper")["checks"]
    }
    assert "helpers.py" in checks["test_twice"]
    assert "line 4" in checks["test_twice"]


def test_a_statement_that_fails_in_a_module_is_told_and_costs_only_itself(graded: Graded) -> None:
    assert graded.passed("stops") == ALL
    assert "helpers.py, line 2" in graded.lesson("stops")["message"]


# ---- course.yaml


def problem(folder: Path, files: list[str]) -> str:
    path = folder / "course.yaml"
    said = yaml.safe_load(path.read_text())
    said["lessons"][0]["files"] = files
    path.write_text(yaml.safe_dump(said))
    with pytest.raises(CourseError) as caught:
        Course.load(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("more.py", "solutions/more.py is not there"),
        ("link.py", "solutions/link.py is a link; put the file itself there"),
        ("empty", "solutions/empty has no script, which ends in `.py`"),
        ("later.py", "'later.py' is a lesson's own file; it comes along by itself"),
        ("../helpers.py", "must be a script or a folder beside the lesson"),
        ("notes.txt", "must be a script or a folder beside the lesson"),
        ("json.py", "would hide the module of Python itself `json`; choose another name"),
        ("my-helpers.py", "must be a Python name"),
        ("named", "solutions/named/two-words.py cannot be imported: its name is no Python name"),
        ("shadow", "solutions/shadow/total.py is called like a lesson; give it another name"),
    ],
)
def test_a_module_that_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, name: str, why: str
) -> None:
    folder = write_shapes(tmp_path / "course")
    beside = folder / "solutions"
    (beside / "link.py").symlink_to("helpers.py")
    (beside / "empty").mkdir()
    write(beside, {"named/two-words.py": "", "shadow/total.py": ""})
    said = problem(folder, ["helpers.py", name])
    assert "lessons[0] (total).files[1]" in said, said
    assert why in said


def test_a_module_belongs_to_one_lesson(tiny_course: CourseWriter) -> None:
    lessons = [{"id": name, "files": ["helpers.py"]} for name in ("double", "triple")]
    folder = tiny_course(lessons=lessons)
    write(folder / "solutions", {"helpers.py": ""})
    with pytest.raises(CourseError, match="belongs to `double`; name it there alone"):
        Course.load(folder)


# ---- where they go


@pytest.fixture
def course(tmp_path: Path) -> Course:
    folder = write_shapes(tmp_path / "course")
    return Course.load(folder)


def test_the_exercises_have_the_modules_without_their_answers(course: Course) -> None:
    build(course)
    exercises = course.root / "exercises"
    assert "2 * x" not in (exercises / "helpers.py").read_text()
    assert "class TooSmall" in (exercises / "helpers.py").read_text()
    assert (exercises / "shapes" / "__init__.py").read_text() == PACKAGE
    subprocess.run([sys.executable, "total.py"], cwd=exercises, check=True)
    assert out_of_step(course) == []
    (exercises / "shapes" / "circle.py").write_text("changed")
    assert out_of_step(course) == [exercises / "shapes" / "circle.py"]
    assert build(course).strays == ()


def test_modules_count_in_fingerprints(course: Course) -> None:
    def digest(helpers: str) -> bytes:
        source = Source("total.py", (LESSON,), notebook=False, modules={"helpers.py": helpers})
        ada = Submission("ada", {"total": source})
        return LessonFingerprints(course).compute(ada)["total"].digest

    before = digest(HELPERS)
    assert digest(HELPERS) == before
    assert digest(HELPERS + "\n") != before
    (course.root / "solutions" / "shapes" / "circle.py").write_text(CIRCLE + "\n")
    assert digest(HELPERS) != before


@pytest.mark.slow
def test_students_have_the_modules_and_hand_them_in(course: Course, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    names = release(course, copy).files
    assert {"exercises/helpers.py", "exercises/shapes/circle.py", "originals.zip"} < {*names}
    assert not any("2 * x" in path.read_text() for path in copy.rglob("*.py"))
    write(copy / "exercises", EVERYTHING)
    runner = CliRunner()
    done = runner.invoke(main, ["--course", str(copy), "check", "total"])
    assert "total: 7 of 7 points" in done.output, done.output
    done = runner.invoke(main, ["--course", str(copy), "submit", "--out", str(tmp_path / "my.zip")])
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(tmp_path / "my.zip") as archive:
        assert {*archive.namelist()} == {*EVERYTHING}
    own = Course.load(copy)
    kept = Workbook(own).reset(own.lessons[0])
    assert {path.read_text() for path in kept} == {LESSON, HELPERS, CIRCLE}
    stub = (copy / "exercises" / "helpers.py").read_text()
    assert stub == (copy / "originals" / "helpers.py").read_text()


def test_the_solutions_modules_are_in_the_package_for_gradescope(
    course: Course, tmp_path: Path
) -> None:
    build_package(course, tmp_path / "autograder.zip", None)
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        archive.extractall(tmp_path / "source")
    packed = Course.load(tmp_path / "source" / "course")
    handed_in = take_in_one(
        write(tmp_path / "submission", EVERYTHING),
        packed.lesson_ids,
        max_file_bytes=10_000,
        modules=packed.module_paths,
    )
    source = handed_in.lessons["total"]
    assert isinstance(source, Source)
    assert {*source.modules} == {"helpers.py", "shapes/__init__.py", "shapes/circle.py"}


@pytest.mark.slow
def test_the_modules_lie_beside_the_notebooks_and_come_back(course: Course, tmp_path: Path) -> None:
    (course.root / "tests/lessons/visible/test_total.py").write_text(WITHOUT_IMPORTS)
    files = dict(source_notebooks.make_source_files(course, list_subjects(course)))
    assert b"2 * x" not in files["helpers.py"]
    assert files["shapes/__init__.py"] == PACKAGE.encode()
    write(tmp_path / "ada", {"total.ipynb": NOTEBOOK, "helpers.py": HELPERS})
    source = read_submission(course, tmp_path / "ada", "ada", {}).lessons["total"]
    assert isinstance(source, Source)
    assert source.modules == {"helpers.py": HELPERS}
    assert {*source.absent} == {"shapes/__init__.py", "shapes/circle.py"}


def test_a_download_is_sorted_with_its_modules(course: Course, tmp_path: Path) -> None:
    download = tmp_path / "canvas"
    write(download, {"ada_1_2_total.py": LESSON, "ada_1_7_helpers-1.py": HELPERS})
    with zipfile.ZipFile(download / "ada_1_9_shapes.zip", "w") as archive:
        archive.writestr("shapes/__init__.py", PACKAGE)
        archive.writestr("shapes/circle.py", CIRCLE)
    out = tmp_path / "collected"
    command = ["collect", str(download), "--from", "canvas", "--out", str(out)]
    for said in ("4 new, 0 replaced", "0 new, 0 replaced"):
        done = CliRunner().invoke(main, ["--course", str(course.root), *command])
        assert done.exit_code == 0, done.output
        assert said in done.output
        (ada,) = out.glob("ada*")
        paths = {path.relative_to(ada).as_posix() for path in ada.rglob("*.py")}
        assert paths == {"total.py", "helpers.py", "shapes/__init__.py", "shapes/circle.py"}


@pytest.mark.slow
def test_slips_in_a_module_are_tried(course: Course) -> None:
    build(course)
    done = CliRunner().invoke(main, ["--course", str(course.root), "verify", "total"])
    assert "line 10 of helpers.py, twice: if x < 0: → if x <= 0:" in done.output, done.output
    assert "circle.py" not in done.output, done.output  # all of its slips are noticed
    assert "hints for" not in done.output, done.output
