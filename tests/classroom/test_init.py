"""`grader classroom init`: a complete nbgrader course, in which nothing of the answers leaks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from classroom_folder import Classroom, cell_name, cells_called, nbgrader_metadata
from places import REPOSITORY

from grader.classroom.config import config_text, read_config
from grader.course import Course

pytestmark = pytest.mark.classroom


def test_each_function_gets_a_test_cell_with_its_points(course_classroom: Classroom) -> None:
    points = {}
    for path in (course_classroom.root / "release" / "self-attention").glob("*.ipynb"):
        for cell in course_classroom.read(path)["cells"]:
            if nbgrader_metadata(cell).get("grade"):
                points[path.stem, cell_name(cell)] = nbgrader_metadata(cell)["points"]
    assert points["softmax", "test-softmax"] == 10
    assert points["dot_product", "test-cosine_similarity"] == 4
    assert points["concepts", "test-ANSWERS"] == 6
    assert points["concepts", "written-analogy"] == 2
    assert sum(points.values()) == sum(it.points for it in Course.load(REPOSITORY).lessons)


def test_a_test_cell_follows_the_function_that_it_tests(course_classroom: Classroom) -> None:
    path = course_classroom.root / "release" / "self-attention" / "dot_product.ipynb"
    names = [cell_name(cell) for cell in course_classroom.read(path)["cells"] if cell_name(cell)]
    assert names == [
        "setup",
        *("answer-dot_product", "test-dot_product"),
        *("answer-cosine_similarity", "test-cosine_similarity"),
        *("answer-similarity_scores", "test-similarity_scores"),
    ]


def test_the_released_code_is_that_of_the_exercises(course_classroom: Classroom) -> None:
    for path in (course_classroom.root / "release" / "self-attention").glob("*.ipynb"):
        stub = (REPOSITORY / "exercises" / f"{path.stem}.py").read_text("utf-8")
        for cell in course_classroom.read(path)["cells"]:
            if cell_name(cell).startswith("answer-"):
                assert cell["source"].strip() in stub


def test_the_model_of_the_last_lesson_is_released(course_classroom: Classroom) -> None:
    released = course_classroom.root / "release" / "self-attention" / "tiny_gpt.npz"
    assert released.read_bytes() == (REPOSITORY / "solutions" / "tiny_gpt.npz").read_bytes()


def test_no_text_speaks_of_what_only_the_script_has(course_classroom: Classroom) -> None:
    """A written answer is a cell of its own in the notebook: there are no quotes around it."""
    for path in (course_classroom.root / "release" / "self-attention").glob("*.ipynb"):
        for cell in course_classroom.read(path)["cells"]:
            if cell["cell_type"] == "markdown":
                assert "quotes" not in cell["source"], path.name


def test_the_gradebook_and_the_release_know_neither_answers_nor_hidden_checks(
    released_classroom: Classroom,
) -> None:
    places = [
        released_classroom.root / "gradebook.db",
        *(released_classroom.root / "release").rglob("*"),
    ]
    for path in [place for place in places if place.is_file()]:
        data = path.read_bytes()
        for secret in (b"canary", b"return 2 * x", b"undoes doubling", b"BEGIN SOLUTION"):
            assert secret not in data, path


def test_nothing_is_overwritten_without_force_and_nothing_lost_with_it(
    released_classroom: Classroom, tmp_path: Path
) -> None:
    folder = tmp_path / "room"
    shutil.copytree(released_classroom.root, folder)
    notebook = folder / "source" / "tiny" / "twice.ipynb"
    notebook.write_text("{}", "utf-8")
    config = folder / "nbgrader_config.py"
    own = config.read_text("utf-8") + "\nc.Exchange.root = '/srv/exchange'\n"
    config.write_text(own, "utf-8")
    arguments = ["--course", str(released_classroom.course), "classroom", "init", str(folder)]
    said = released_classroom.grader(*arguments, code=1)
    assert "source/tiny/twice.ipynb" in said
    assert "--force" in said
    assert notebook.read_text("utf-8") == "{}"
    said = released_classroom.grader(*arguments, "--force")
    assert cells_called(released_classroom.read(notebook), "test-double")
    assert f"What was there before is in {folder}/replaced/1" in said
    kept = folder / "replaced" / "1" / "source" / "tiny"
    assert [path.name for path in kept.iterdir()] == ["twice.ipynb"]
    assert (kept / "twice.ipynb").read_text("utf-8") == "{}"
    assert config.read_text("utf-8") == own
    assert "replaced" not in released_classroom.grader(*arguments)  # a second run has nothing to do


def test_a_configuration_that_stops_with_an_error_is_one_sentence(
    two_lesson_course: Path, released_classroom: Classroom, tmp_path: Path
) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n", "utf-8")
    said = released_classroom.grader(
        "--course", str(two_lesson_course), "classroom", "init", str(tmp_path), code=1
    )
    assert "nbgrader_config.py cannot be used (SyntaxError" in said
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["nbgrader_config.py"]


def test_an_assignment_that_nbgrader_could_not_name_is_refused(
    two_lesson_course: Path, released_classroom: Classroom, tmp_path: Path
) -> None:
    said = released_classroom.grader(
        "--course", str(two_lesson_course), "classroom", "init", str(tmp_path),
        "--assignment", "../x", code=1,
    )  # fmt: skip
    assert "must begin with a letter or digit" in said
    assert not list(tmp_path.iterdir())


def test_a_configuration_that_is_as_it_was_written_names_the_next_assignment_too(
    released_classroom: Classroom, two_lesson_course: Path, tmp_path: Path
) -> None:
    classroom = released_classroom.copy_to(tmp_path / "room")
    config = classroom.root / "nbgrader_config.py"
    assert config.read_text("utf-8") == config_text("tiny", two_lesson_course, ["tiny"])
    for before in (["tiny"], None):  # an older version named none
        config.write_text(config_text("tiny", two_lesson_course, before), "utf-8")
        shutil.rmtree(classroom.root / "source" / "week 2", ignore_errors=True)
        said = classroom.grader(
            "--course", str(two_lesson_course), "classroom", "init", str(classroom.root),
            "--assignment", "week 2",
        )  # fmt: skip
        assert "is yours" not in said
        text = config_text("tiny", two_lesson_course, ["tiny", "week 2"])
        assert config.read_text("utf-8") == text


@pytest.mark.parametrize("others", ["", ", others=['ps1']"])
def test_an_older_configuration_works_and_says_what_to_write(
    released_classroom: Classroom, tmp_path: Path, others: str, caplog: pytest.LogCaptureFixture
) -> None:
    classroom = released_classroom.copy_to(tmp_path / "room")
    (classroom.root / "source" / "ps1").mkdir()
    config = classroom.root / "nbgrader_config.py"
    text = config.read_text("utf-8").replace(", assignments=['tiny']", others)
    config.write_text(text, "utf-8")
    assert read_config(classroom.root).OurAssignments.assignments == ["tiny"]
    assert "use_grader(c, course=…, assignments=['tiny'])" in caplog.text
