"""Data files of lessons: what course.yaml may name, and where the files come along."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from imported_later import ImportedLater
from tiny_course import CourseWriter

from grader.authoring.build import build, out_of_step
from grader.authoring.gradescope_package import build_package
from grader.authoring.release import release
from grader.cli import main
from grader.course import Course
from grader.course.data_files import MOST_BYTES
from grader.errors import CourseError
from grader.grading.check_subjects import list_subjects
from grader.grading.lesson_fingerprints import LessonFingerprints
from grader.learner.workbook import Workbook
from grader.submissions.submission import Source, Submission

source_notebooks = ImportedLater("grader.classroom.source_notebooks")

LESSON = '''\
# %%
from pathlib import Path

import numpy as np

FACTOR = np.load("factors.npz")["twice"]


def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return x * int(FACTOR) + len(Path(__file__).with_name("empty.txt").read_text())
    ### END SOLUTION
'''
RIGHT = LESSON.replace("    ### BEGIN SOLUTION\n", "").replace("    ### END SOLUTION\n", "")
ALSO_RIGHT = "def double(x): return x * 2 + len(open('empty.txt').read())\n"


@pytest.fixture
def folder(tiny_course: CourseWriter) -> Path:
    """A course whose lesson needs its data when it is loaded and when it is called."""
    data = ["factors.npz", "empty.txt"]
    folder = tiny_course(
        lessons=[{"id": "double", "points": 4, "data": data}], solutions={"double": LESSON}
    )
    np.savez(folder / "solutions" / "factors.npz", twice=2)
    (folder / "solutions" / "empty.txt").write_bytes(b"")
    return folder


def problem(folder: Path) -> str:
    with pytest.raises(CourseError) as caught:
        Course.load(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("more.txt", "solutions/more.txt is not there"),
        ("link.txt", "solutions/link.txt is a link; put the file itself there"),
        ("linked/one.txt", "solutions/linked/one.txt is a link; put the file itself there"),
        ("texts", "solutions/texts is no file"),
        ("../course.yaml", "must lie beside the lesson or below it"),
        ("/etc/passwd", "must be a path from the lesson's file"),
        ("texts\\\\one.txt", "must be a path from the lesson's file"),
        (".hidden", "must lie beside the lesson or below it"),
        ("model.pkl", "is a pickle, which runs code when it is read; save it as .npz"),
        ("double.py", "is a program"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_with_the_reason(
    folder: Path, name: str, why: str
) -> None:
    beside = folder / "solutions"
    (beside / "texts").mkdir()
    (beside / "texts" / "one.txt").touch()
    (beside / "link.txt").symlink_to("/etc/passwd")
    (beside / "linked").symlink_to("texts")
    (beside / "model.pkl").touch()
    yaml = folder / "course.yaml"
    yaml.write_text(yaml.read_text().replace("empty.txt", json.dumps(name)))
    said = problem(folder)
    assert "lessons[0] (double).data[1]" in said, said
    assert why in said


def test_data_may_only_be_so_large_and_files_of_two_lessons_count_once(
    tiny_course: CourseWriter,
) -> None:
    lessons = [{"id": name, "data": ["big.bin"]} for name in ("double", "triple")]
    folder = tiny_course(lessons=lessons)
    with (folder / "solutions" / "big.bin").open("wb") as file:
        file.truncate(MOST_BYTES)
        Course.load(folder)
        file.truncate(MOST_BYTES + 1)
    assert problem(folder).endswith("'big.bin' is too much: a course may have 16 MiB of data")


@pytest.mark.slow
def test_a_class_is_graded_with_the_courses_data_whatever_is_handed_in(
    folder: Path, tmp_path: Path
) -> None:
    for student, text in (("ada", RIGHT), ("ben", ALSO_RIGHT)):
        own = tmp_path / "submissions" / student
        own.mkdir(parents=True)
        (own / "double.py").write_text(text)
        np.savez(own / "factors.npz", twice=3)
        (own / "empty.txt").symlink_to(folder / "solutions" / "double.py")
    out = tmp_path / "out"
    command = ["--course", str(folder), "grade", str(tmp_path / "submissions"), "--out", str(out)]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    results = json.loads((out / "results.json").read_text())
    assert [student["score"] for student in results["students"]] == [4, 4], results


def test_the_exercises_have_copies_and_run_beside_them(folder: Path) -> None:
    course = Course.load(folder)
    assert len(build(course).written) == 3
    assert out_of_step(course) == []
    exercises = folder / "exercises"
    subprocess.run([sys.executable, "double.py"], cwd=exercises, check=True)  # loads its data
    (exercises / "empty.txt").write_text("changed")
    assert out_of_step(course) == [exercises / "empty.txt"]
    assert build(course).written == (exercises / "empty.txt",)
    assert build(course).strays == ()


def test_data_counts_in_fingerprints(folder: Path) -> None:
    def digest() -> bytes:
        ada = Submission("ada", {"double": Source("double.py", (RIGHT,), notebook=False)})
        return LessonFingerprints(Course.load(folder)).compute(ada)["double"].digest

    before = digest()
    assert digest() == before
    (folder / "solutions" / "empty.txt").write_text("x")
    assert digest() != before


@pytest.mark.slow
def test_students_have_the_data_and_a_lost_file_comes_back(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    names = release(Course.load(folder), copy).files
    assert {"exercises/factors.npz", "exercises/empty.txt", "originals.zip"} < {*names}
    (copy / "exercises" / "double.py").write_text(RIGHT)
    (copy / "exercises" / "empty.txt").write_text("spoiled")  # graded with the original
    done = CliRunner().invoke(main, ["--course", str(copy), "check", "double"])
    assert "double: 1 of 1 points" in done.output, done.output
    course = Course.load(copy)
    kept = Workbook(course).reset(course.lessons[0])
    assert (copy / "exercises" / "empty.txt").read_bytes() == b""
    assert [path.read_text() for path in kept if path.suffix == ".txt"] == ["spoiled"]


def test_data_is_in_the_package_for_gradescope(folder: Path, tmp_path: Path) -> None:
    build_package(Course.load(folder), tmp_path / "autograder.zip", None)
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        assert "course/solutions/factors.npz" in archive.namelist()
        archive.extractall(tmp_path / "source")
    assert Course.load(tmp_path / "source" / "course").lessons[0].data


@pytest.mark.slow
def test_data_lies_beside_the_notebooks(folder: Path) -> None:
    course = Course.load(folder)
    here = Path.cwd()
    files = dict(source_notebooks.make_source_files(course, list_subjects(course)))
    assert {"double.ipynb", "factors.npz", "empty.txt"} < {*files}
    assert files["factors.npz"] == (folder / "solutions" / "factors.npz").read_bytes()
    assert Path.cwd() == here
