"""`grader classroom adopt`: an instructor's own nbgrader assignment, graded in the sandbox."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from classroom_folder import BIN, Classroom, cells_called, nbgrader_on_path
from imported_later import ImportedLater
from made_once import made_once

from grader.classroom.adopted import AdoptedAssignment, read_adopted
from grader.classroom.graded_cells import adopted_cells
from grader.course import Course
from grader.errors import GraderError
from grader.submissions.submission import Source, Unreadable

if TYPE_CHECKING:
    from grader.classroom.classroom_grader import ClassroomGrader

adoption = ImportedLater("grader.classroom.adoption")
cell_outputs = ImportedLater("grader.classroom.cell_outputs")
handed_in = ImportedLater("grader.classroom.handed_in")
kernel_cells = ImportedLater("grader.classroom.kernel_cells")
nbformat = ImportedLater("nbformat")
utils = ImportedLater("nbgrader.utils")

pytestmark = pytest.mark.classroom

CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'cs101'\n"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def cell(source: str, name: str = "", points: float | None = None, **kind: bool) -> dict[str, Any]:
    mark: dict[str, Any] = {
        "schema_version": 3, "grade_id": name, "cell_type": "code", "task": False,
        "grade": points is not None, "locked": points is not None, "solution": False, **kind,
    }  # fmt: skip
    if points is not None:
        mark["points"] = points
    about = {"nbgrader": mark} if name else {}
    return {"cell_type": "code", "id": name or "plain", "metadata": about, "source": source,
            "outputs": [], "execution_count": None}  # fmt: skip


def notebook(*cells: dict[str, Any], language: str = "python") -> str:
    kernel = KERNEL if language == "python" else {"name": "ir", "display_name": "R"}
    about = {"kernelspec": kernel | {"language": language}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells})


def answer(code: str, name: str) -> dict[str, Any]:
    return cell(f"### BEGIN SOLUTION\n{code}\n### END SOLUTION", name, solution=True)


SETUP = """\
import csv
from utils import close
CASES = [(1, 1), (2, 4), (3, 9)]"""
UTILS = "import math\ndef close(a, b):\n    return math.isclose(a, b)\n"
WEEK = notebook(
    cell(SETUP, "setup", locked=True),
    answer("def square(x):\n    return x * x", "square"),
    cell(
        "for x, y in CASES:\n    assert close(square(x), y)\n### BEGIN HIDDEN TESTS\n"
        "assert square(-7) == 49\n### END HIDDEN TESTS",
        "squares", 3,
    ),
    cell("score = 0\nfor x, y in CASES:\n    score += square(x) == y\nscore", "by-score", 3),
    answer("with open('numbers.csv') as f:\n    total = sum(int(r[0]) for r in csv.reader(f))",
           "total"),
    cell("assert total == 6", "sum", 1),
    answer("total = total * 7", "later"),  # so this test looks at its place, not at the end
    cell("kept = square\ndel square\ntry:\n    assert 'square' not in globals()\nfinally:\n"
         "    square = kept", "deletes", 1),
    cell("# looked at in class", "empty", 1),
    cell("plot(square)", "plot", 2, solution=True, locked=False),
)  # fmt: skip
IN_A_KERNEL = notebook(
    answer("def half(x):\n    return x / 2", "half"),
    cell("assert half(3) == 1.5", "halves", 1),
    cell("from IPython import get_ipython\nassert get_ipython() is not None", "in-a-kernel", 2),
)
IN_R = notebook(cell("stopifnot(TRUE)", "in-r", 4), language="R")

SQUARE = "def square(x):\n    return x * x"
STUDENTS: dict[str, Mapping[str, str]] = {
    "right": {"square": SQUARE, "total": "total = 6", "later": "total = 42"},
    "wrong": {"square": "def square(x):\n    return x + x", "total": "total = 7"},
    "partial": {
        "square": "def square(x):\n    return {1: 1, 2: 4}.get(x, 0)",
        "total": "total = 6",
    },
    "by-heart": {
        "square": "def square(x):\n    return {1: 1, 2: 4, 3: 9}.get(x)",
        "total": "total = 6",
    },
    "crashes": {"square": "import os\ndef square(x):\n    os._exit(0)", "total": "total = 6"},
    "hangs": {"square": "def square(x):\n    while True: pass", "total": "total = 6"},
    "stumbles": {"square": "undefined\n" + SQUARE, "total": "total = 6\nundefined"},
    "reuses": {"square": SQUARE, "total": "total = 6", "later": "total = square = None"},
    "words": {"square": "I do not know.", "total": "Nor this."},
    "untouched": {},
}
#: By cell: squares, by-score, sum, deletes, empty.
MARKS = {
    "right": (3, 3, 1, 1, 1),
    "wrong": (0, 1, 0, 1, 1),
    "partial": (0, 2, 1, 1, 1),
    "by-heart": (0, 3, 1, 1, 1),
    "crashes": (0, 0, 1, 1, 1),
    "hangs": (0, 0, 1, 1, 1),
    "stumbles": (0, 0, 1, 0, 1),
    "reuses": (3, 3, 1, 1, 1),
    "words": (0, 0, 0, 0, 1),
    "untouched": (0, 0, 0, 0, 1),
}
CELLS = ("squares", "by-score", "sum", "deletes", "empty")


def write_source(root: Path) -> None:
    source = root / "source" / "ps1"
    source.mkdir(parents=True)
    (source / "week 3.ipynb").write_text(WEEK, "utf-8")
    (source / "kernel.ipynb").write_text(IN_A_KERNEL, "utf-8")
    (source / "numbers.csv").write_text("1\n2\n3\n", "utf-8")
    (source / "utils.py").write_text(UTILS, "utf-8")
    (root / "nbgrader_config.py").write_text(CONFIG, "utf-8")


def make_room(root: Path) -> None:
    write_source(root)
    room = Classroom(root, root / "adopted" / "ps1", "ps1")
    active = {"PATH": f"{BIN}:{room.environment['PATH']}"}
    room.nbgrader("generate_assignment", "ps1", environment=active)
    said = room.grader("classroom", "adopt", "ps1")
    (root / "said.txt").write_text(said, "utf-8")
    assert (root / "nbgrader_config.py").read_text("utf-8") == CONFIG
    lines = said.partition("older `use_grader`:\n\n")[2].partition("\n\nNext: ")[0]
    (root / "nbgrader_config.py").write_text(f"{CONFIG}\n{lines}\n", "utf-8")
    course = root / "adopted" / "ps1" / "course.yaml"
    limits = "\nlimits: {cpu_seconds_per_call: 0.5, wall_seconds_per_call: 5}\n"
    course.write_text(course.read_text("utf-8") + limits, "utf-8")
    for student, solved in STUDENTS.items():
        folder = room.hand_in(student, solved)
        if student != "right":
            (folder / "kernel.ipynb").unlink()
    with room.edit(room.folder("right") / "kernel.ipynb") as own:
        own["cells"][0]["source"] = "def half(x): return x / 2\nprint('seen')"
    (root / "graded.txt").write_text(room.grader("classroom", "autograde", "ps1"), "utf-8")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A classroom whose only assignment was adopted and graded; never written to."""
    root = made_once(tmp_path_factory, "adopted_classroom", make_room)
    return Classroom(root, root / "adopted" / "ps1", "ps1")


@contextmanager
def marks_of(room: Classroom, student: str, name: str = "week 3") -> Iterator[dict[str, Any]]:
    """The gradebook's marks of a notebook, by cell; they are saved at the end."""
    from nbgrader.api import Gradebook  # noqa: PLC0415

    with nbgrader_on_path(), Gradebook(f"sqlite:///{room.root}/gradebook.db") as book:
        own = book.find_submission_notebook(name, "ps1", student)
        yield {grade.name: grade for grade in own.grades}
        book.db.commit()


def test_the_report_has_a_label_for_each_cell_and_the_reason(room: Classroom) -> None:
    said = (room.root / "said.txt").read_text("utf-8")
    assert "ps1: 7 test cells: 5 outside, 1 inside, 1 stay." in said
    assert "week 3, deletes: outside, the solution does not pass it (" in said
    assert "week 3, empty: tests nothing: everybody gets its points" in said
    assert "kernel, in-a-kernel: the solution does not pass it (" in said
    assert "cell plot: a person marks this code, and sees it without what it puts out" in said


def test_doctor_says_the_same(room: Classroom) -> None:
    said = room.grader("doctor")
    report = (room.root / "said.txt").read_text("utf-8").partition("ps1/week")[0].rstrip()
    assert report in said


@pytest.mark.parametrize("student", STUDENTS)
def test_each_cell_gets_the_mark_that_nbgrader_gives(room: Classroom, student: str) -> None:
    with marks_of(room, student) as grades:
        assert tuple(grades[name].auto_score for name in CELLS) == MARKS[student]


def test_a_cell_that_stays_is_graded_in_the_kernel_and_others_are_not(room: Classroom) -> None:
    with marks_of(room, "right", "kernel") as grades:
        assert {name: it.auto_score for name, it in grades.items()} == {
            "halves": 1,
            "in-a-kernel": 2,
        }
    graded = room.graded("right", "kernel")
    assert graded["cells"][0]["outputs"][0]["text"] == ["seen\n"]
    (halves,) = cells_called(graded, "halves")
    assert halves["outputs"][0]["data"]["text/plain"] == ["1.0"]


def test_hidden_lines_are_told_as_hidden_and_cut_from_what_students_have(room: Classroom) -> None:
    released = (room.root / "release" / "ps1" / "week 3.ipynb").read_text("utf-8")
    assert "-7" not in released
    (squares,) = cells_called(room.graded("by-heart", "week 3"), "squares")
    told = "".join(squares["outputs"][1]["data"]["text/plain"])
    assert told.startswith("✓ Squares. (no points)\n✗ Squares. (0 / 3)\n")
    assert "49" not in told
    (squares,) = cells_called(room.graded("wrong", "week 3"), "squares")
    told = "".join(squares["outputs"][1]["data"]["text/plain"])
    assert "the check asks for `close(square(x), y)`" in told  # a line that students have
    assert "builds on" in told


def test_the_instructors_names_are_no_students_to_change(room: Classroom, tmp_path: Path) -> None:
    own = room.copy_to(tmp_path / "room")
    cheat = "CASES = []\ndef close(a, b): return True\ndef square(x): return 0"
    own.hand_in("cheat", {"square": cheat, "total": "total = 6"})
    (own.folder("cheat") / "utils.py").write_text("def close(a, b): return True", "utf-8")
    (own.folder("cheat") / "kernel.ipynb").unlink()
    with own.edit(own.folder("cheat") / "week 3.ipynb") as notebook:
        notebook["cells"][0]["source"] = "import csv\nCASES = []"  # is put back
    own.grader("classroom", "autograde", "ps1")
    with marks_of(own, "cheat") as grades:
        assert [grades[name].auto_score for name in ("squares", "by-score")] == [0, 0]


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ([cell("x = 1", "setup")] * 20_000, Unreadable),  # each would be as long as the locked one
        ([cell("x = 1", "setup") | {"cell_type": "raw"}], Source),
        ([{"cell_type": "code", "metadata": {"nbgrader": {"grade_id": ["setup"]}}, "source": "x"}],
         Source),
        ([{"cell_type": "code", "metadata": [], "source": {}}], Unreadable),
    ],
    ids=["many", "raw", "a list", "no text"],
)  # fmt: skip
def test_odd_cells_cost_only_their_notebook(
    room: Classroom, tmp_path: Path, cells: list[dict[str, Any]], outcome: type
) -> None:
    (tmp_path / "week 3.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
    course = Course.load(room.course)
    adopted = read_adopted(room.course)
    found = handed_in.read_adopted_notebooks(course, tmp_path, "ada", adopted).lessons
    assert [type(it) for it in found.values()] == [outcome]
    if outcome is Source and cells[0]["cell_type"] == "raw":
        assert found["week_3"].cells[0] == SETUP
        assert found["week_3"].modules == {"utils.py": UTILS}


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_test_has_a_comment_there(room: Classroom, tmp_path: Path, is_deleted: bool) -> None:
    before, test, after = cell("total = 6"), cell("assert total", "sum", 1), cell("total = 7")
    others = [cell("", name, 1) for name in CELLS if name != "sum"]
    cells = [*others, before, after] if is_deleted else [*others, before, test, test, after]
    (tmp_path / "week 3.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
    course, adopted = Course.load(room.course), read_adopted(room.course)
    found = handed_in.read_adopted_notebooks(course, tmp_path, "ada", adopted).lessons
    place = "# Here test_sum begins."
    assert found["week_3"].cells[-3:] == (
        ("total = 6", "total = 7", place) if is_deleted else ("total = 6", place, "total = 7")
    )


def test_nbgraders_own_command_gives_the_same(room: Classroom, tmp_path: Path) -> None:
    own = room.copy_to(tmp_path / "room")
    own.nbgrader("autograde", "ps1", "--force", "--student=partial")
    with marks_of(own, "partial") as grades:
        assert tuple(grades[name].auto_score for name in CELLS) == MARKS["partial"]
    same = [it.graded("partial", "week 3")["cells"] for it in (room, own)]
    assert same[0] == same[1]
    own.nbgrader("generate_feedback", "ps1", "--student=partial")
    page = own.root / "feedback" / "partial" / "ps1" / "week 3.html"
    assert "2 of 3 points" in page.read_text("utf-8")


def test_code_that_ends_its_kernel_costs_only_the_cells_that_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_: object) -> None:
        raise kernel_cells.DeadKernelError("Kernel died")

    monkeypatch.setattr("grader.classroom.kernel_cells.Execute", lambda parent: die)
    nb = nbformat.reads(IN_A_KERNEL, as_version=4)
    nb.cells[1].outputs = outputs = [
        nbformat.v4.new_output("execute_result", {"text/plain": "1.0"})
    ]
    kernel_cells.run_cells_that_stay(nb, {}, {"in-a-kernel"}, None)
    assert nb.cells[1].outputs == outputs
    assert utils.determine_grade(nb.cells[2]) == (0, 2)


def test_a_dry_run_tells_each_mark_that_differs_and_why(room: Classroom, tmp_path: Path) -> None:
    own = room.copy_to(tmp_path / "room")
    with marks_of(own, "right") as grades:
        grades["sum"].auto_score = grades["squares"].auto_score = 0
    with marks_of(own, "wrong") as grades:
        grades["sum"].auto_score = 1
    graded = own.root / "autograded" / "right" / "ps1" / "week 3.ipynb"
    graded.chmod(0o644)
    with own.edit(graded) as notebook:
        (squares,) = cells_called(notebook, "squares")
        squares["outputs"] = [
            {"output_type": "stream", "name": "stderr", "text": ["Warning: odd\n"]}
        ]
        (total,) = cells_called(notebook, "sum")
        total["outputs"] = [
            {"output_type": "error", "ename": "NameError", "evalue": "total", "traceback": []}
        ]
    before = sorted(own.root.rglob("*"))
    said = own.grader("classroom", "adopt", "ps1", "--dry-run", code=1)
    assert sorted(own.root.rglob("*")) == before
    assert "right, week 3, squares: 0 in the gradebook, 3 here; nbgrader gives nothing for" in said
    assert "warns: Warning: odd" in said
    assert "right, week 3, sum: 0 in the gradebook, 1 here; nbgrader's kernel ended it with" in said
    assert "NameError: total" in said
    assert "wrong, week 3, sum: 1 in the gradebook, 0 here; failed here: " in said
    assert "got the number 7; why the check asks for `total == 6`" in said
    assert "60 marks of 10 students compared: 57 are the same, 3 differ." in said


def test_what_was_adopted_is_kept_when_it_is_adopted_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    texts = iter(["first", "second", "third"])

    def make(directory: object, assignment: str, folder: Path, tried: object) -> object:
        (folder / "cells.json").write_text(next(texts))
        return SimpleNamespace(course=None if assignment == "nothing" else "some")

    monkeypatch.setattr("grader.classroom.adoption.adopt", make)
    adopt = partial(adoption.adopt_in_place, SimpleNamespace(root=str(tmp_path)), tried=print)
    adopt("ps1", replace=False)
    with pytest.raises(GraderError, match=r"was adopted before.*--force"):
        adopt("ps1", replace=False)
    adopt("ps1", replace=True)
    adopt("nothing", replace=False)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {str(path.relative_to(tmp_path)): path.read_text() for path in files} == {
        "adopted/ps1/cells.json": "second",
        "replaced/1/adopted/ps1/cells.json": "first",
    }


def test_test_cells_that_were_changed_since_are_refused(room: Classroom) -> None:
    adopted = read_adopted(room.course)
    grader = SimpleNamespace(
        adopted=adopted,
        tests={"week 3": adopted_cells(adopted.notebooks["week 3"])},
        stays=lambda name: adopted.notebooks[name].stays,
    )
    points = {it.grade_id: it.points for it in adopted.notebooks["week 3"].cells}
    cell_outputs.refuse_other_tests("week 3", points, cast("ClassroomGrader", grader))
    for changed in (points | {"sum": 2.0}, points | {"new": 1.0}, dict([*points.items()][1:])):
        with pytest.raises(GraderError, match=r"not those that were adopted.*--force ps1"):
            cell_outputs.refuse_other_tests("week 3", changed, cast("ClassroomGrader", grader))


def test_an_assignment_in_another_language_stays_with_nbgrader(tmp_path: Path) -> None:
    write_source(tmp_path / "room")
    shutil.rmtree(tmp_path / "room/source/ps1")
    (tmp_path / "room/source/ps1").mkdir()
    (tmp_path / "room/source/ps1/r.ipynb").write_text(IN_R, "utf-8")
    own = Classroom(tmp_path / "room", tmp_path, "ps1")
    said = own.grader("classroom", "adopt", "ps1", code=1)
    assert "1 test cell: 0 outside, 0 inside, 1 stay." in said
    assert "r, in-r: is written in R, and not in Python" in said
    assert "nothing was adopted: nbgrader grades all of `ps1`" in said
    assert not (tmp_path / "room/adopted/ps1").exists()
    assert "holds no notebooks" in own.grader("classroom", "adopt", "ps9", code=1)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"assignment": 3}', "\udcff"])
def test_a_damaged_file_of_cells_is_told_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "cells.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(GraderError, match=r"cells.json cannot be used .* adopt --force"):
        read_adopted(tmp_path)


def test_what_is_written_is_read_again(room: Classroom, tmp_path: Path) -> None:
    adopted = read_adopted(room.course)
    assert isinstance(adopted, AdoptedAssignment)
    adopted.write(tmp_path)
    assert read_adopted(tmp_path) == adopted
