"""`grader classroom init`: a complete nbgrader course, in which nothing of the answers leaks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from places import REPOSITORY
from room import Room, cells_called, mark_of, name_of

pytestmark = pytest.mark.classroom


def test_each_function_gets_a_test_cell_with_its_points(real_room: Room) -> None:
    points = {}
    for path in (real_room.root / "release" / "self-attention").glob("*.ipynb"):
        for cell in real_room.read(path)["cells"]:
            if mark_of(cell).get("grade"):
                points[path.stem, name_of(cell)] = mark_of(cell)["points"]
    assert points["softmax", "test-softmax"] == 10
    assert points["dot_product", "test-cosine_similarity"] == 5
    assert points["concepts", "test-ANSWERS"] == 6
    assert points["concepts", "written-analogy"] == 2
    assert sum(points.values()) == 60


def test_a_test_cell_follows_the_function_that_it_tests(real_room: Room) -> None:
    path = real_room.root / "release" / "self-attention" / "dot_product.ipynb"
    names = [name_of(cell) for cell in real_room.read(path)["cells"] if name_of(cell)]
    assert names == [
        "setup",
        *("answer-dot_product", "test-dot_product"),
        *("answer-cosine_similarity", "test-cosine_similarity"),
        *("answer-similarity_scores", "test-similarity_scores"),
    ]


def test_the_released_code_is_that_of_the_exercises(real_room: Room) -> None:
    for path in (real_room.root / "release" / "self-attention").glob("*.ipynb"):
        stub = (REPOSITORY / "exercises" / f"{path.stem}.py").read_text("utf-8")
        for cell in real_room.read(path)["cells"]:
            if name_of(cell).startswith("answer-"):
                assert cell["source"].strip() in stub


def test_no_text_speaks_of_what_only_the_script_has(real_room: Room) -> None:
    """A written answer is a cell of its own in the notebook: there are no quotes around it."""
    for path in (real_room.root / "release" / "self-attention").glob("*.ipynb"):
        for cell in real_room.read(path)["cells"]:
            if cell["cell_type"] == "markdown":
                assert "quotes" not in cell["source"], path.name


def test_the_gradebook_and_the_release_know_neither_answers_nor_hidden_checks(
    released: Room,
) -> None:
    places = [released.root / "gradebook.db", *(released.root / "release").rglob("*")]
    for path in [place for place in places if place.is_file()]:
        data = path.read_bytes()
        for secret in (b"canary", b"return 2 * x", b"undoes doubling", b"BEGIN SOLUTION"):
            assert secret not in data, path


def test_nothing_is_overwritten_without_force_and_nothing_lost_with_it(
    released: Room, tmp_path: Path
) -> None:
    folder = tmp_path / "room"
    shutil.copytree(released.root, folder)
    notebook = folder / "source" / "tiny" / "twice.ipynb"
    notebook.write_text("{}", "utf-8")
    config = folder / "nbgrader_config.py"
    own = config.read_text("utf-8") + "\nc.Exchange.root = '/srv/exchange'\n"
    config.write_text(own, "utf-8")
    arguments = ["--course", str(released.course), "classroom", "init", str(folder)]
    said = released.grader(*arguments, code=1)
    assert "source/tiny/twice.ipynb" in said
    assert "--force" in said
    assert notebook.read_text("utf-8") == "{}"
    said = released.grader(*arguments, "--force")
    assert cells_called(released.read(notebook), "test-double")
    assert f"What was there before is in {folder}/replaced/1" in said
    kept = folder / "replaced" / "1" / "source" / "tiny"
    assert [path.name for path in kept.iterdir()] == ["twice.ipynb"]
    assert (kept / "twice.ipynb").read_text("utf-8") == "{}"
    assert config.read_text("utf-8") == own
    assert "replaced" not in released.grader(*arguments)  # a second run has nothing to do


def test_a_configuration_that_stops_with_an_error_is_one_sentence(
    two_lessons: Path, released: Room, tmp_path: Path
) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n", "utf-8")
    said = released.grader("--course", str(two_lessons), "classroom", "init", str(tmp_path), code=1)
    assert "nbgrader_config.py cannot be used (SyntaxError" in said
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["nbgrader_config.py"]


def test_an_assignment_that_nbgrader_could_not_name_is_refused(
    two_lessons: Path, released: Room, tmp_path: Path
) -> None:
    said = released.grader(
        "--course", str(two_lessons), "classroom", "init", str(tmp_path), "--assignment", "../x",
        code=1,
    )  # fmt: skip
    assert "must begin with a letter or digit" in said
    assert not list(tmp_path.iterdir())


def test_validate_passes_the_right_answers_and_names_what_is_missing(
    released: Room, tmp_path: Path
) -> None:
    room = Room(tmp_path / "room", released.course, "tiny")
    shutil.copytree(released.root, room.root)
    right = room.hand_in("ada")
    wrong = room.hand_in("ben", {"double": "def double(x):\n    return x + 1"})
    assert "Success" in room.run("nbgrader", "validate", "twice.ipynb", cwd=right)
    assert "Success" in room.run("nbgrader", "validate", "four_times.ipynb", cwd=right)
    said = room.run("nbgrader", "validate", "twice.ipynb", cwd=wrong)
    assert "VALIDATION FAILED ON 3 CELL(S)" in said
    assert "double(0) is 0." in said
    assert "raise NotImplementedError still stands there" in said
