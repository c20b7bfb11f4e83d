"""`grader classroom autograde`: the whole class at once, and nothing differs but the time."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from classroom_folder import Classroom
from places import REPOSITORY

from grader.classroom import classroom_grader
from grader.course import Course
from grader.errors import GraderError
from grader.grading import local_backend
from grader.sandbox.levels import Isolation, LevelChoice

pytestmark = pytest.mark.classroom

CLASS = {
    "ada": None,
    "ben": {"double": "def double(x):\n    return 3 * x"},
    "cleo": {},
    "dora": {"double": "import os\ndef double(x):\n    os._exit(0)"},
}


def rows(database: str) -> list[tuple[object, ...]]:
    """All that the gradebook says of grades and comments."""
    from nbgrader.api import Gradebook  # noqa: PLC0415

    with Gradebook(database) as gradebook:
        found: list[tuple[object, ...]] = []
        for submission in gradebook.assignment_submissions("tiny"):
            for notebook in submission.notebooks:
                found += [
                    (submission.student_id, notebook.name, it.name, it.auto_score, it.manual_score,
                     it.needs_manual_grade, it.extra_credit)
                    for it in notebook.grades
                ]  # fmt: skip
                found += [
                    (submission.student_id, notebook.name, it.name, it.auto_comment,
                     it.manual_comment)
                    for it in notebook.comments
                ]  # fmt: skip
                found.append((notebook.name, notebook.score, notebook.late_submission_penalty))
            found.append((submission.student_id, str(submission.timestamp)))
    return sorted(found, key=repr)


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def both(
    released_classroom: Classroom, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Classroom, Classroom]:
    """One class, graded by nbgrader's command and by ours."""
    folder = tmp_path_factory.mktemp("both")
    classrooms = (
        released_classroom.copy_to(folder / "stock"),
        released_classroom.copy_to(folder / "bulk"),
    )
    for classroom in classrooms:
        for student, solved in CLASS.items():
            handed_in = classroom.hand_in(student, solved)
            (handed_in / "timestamp.txt").write_text("2026-11-20 17:00:00 UTC", "utf-8")
            (handed_in / "notes.txt").write_text("extra", "utf-8")
        (classroom.folder("cleo") / "four_times.ipynb").unlink()
        (classroom.folder("dora") / "four_times.ipynb").write_text("{", "utf-8")
    classrooms[0].nbgrader("autograde", "tiny")
    said = classrooms[1].grader("classroom", "autograde", "tiny", "--jobs", "2")
    assert "4 graded" in said
    assert "warn" not in said.casefold()  # nothing that one would wonder about
    return classrooms[0], classrooms[1]


def database(classroom: Classroom) -> str:
    return f"sqlite:///{classroom.root}/gradebook.db"


def test_the_rows_are_those_of_nbgrader(both: tuple[Classroom, Classroom]) -> None:
    stock, bulk = both
    assert rows(database(bulk)) == rows(database(stock))


def test_the_files_are_those_of_nbgrader_byte_for_byte(both: tuple[Classroom, Classroom]) -> None:
    stock, bulk = (files(classroom.root / "autograded") for classroom in both)
    assert bulk.keys() == stock.keys()
    for name, content in stock.items():
        assert bulk[name] == content, name


def test_what_was_not_handed_in_anew_is_left_alone(both: tuple[Classroom, Classroom]) -> None:
    bulk = both[1]
    before = files(bulk.root / "autograded")
    assert "0 graded, 4 graded before" in bulk.grader("classroom", "autograde", "tiny")
    (bulk.folder("ada") / "timestamp.txt").write_text("2026-11-21 17:00:00 UTC", "utf-8")
    assert "1 graded, 3 graded before" in bulk.grader("classroom", "autograde", "tiny")
    after = files(bulk.root / "autograded")
    assert {name for name in after if after[name] != before.get(name)} == {"ada/tiny/timestamp.txt"}


def test_the_feedback_can_be_made(both: tuple[Classroom, Classroom]) -> None:
    both[1].nbgrader("generate_feedback", "tiny")
    assert (both[1].root / "feedback" / "ben" / "tiny" / "twice.html").is_file()


@pytest.fixture(scope="module")
def odd(
    released_classroom: Classroom, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Classroom, str]:
    """A class with renamed, doubled, missing and unreadable notebooks, and what was said."""
    folder = tmp_path_factory.mktemp("odd")
    classroom = released_classroom.copy_to(folder / "room", course=folder / "course")
    ada = classroom.hand_in("ada")
    (ada / "twice.ipynb").rename(ada / "my work (2).ipynb")
    ben = classroom.hand_in("ben")
    shutil.copy(ben / "twice.ipynb", ben / "twice (1).ipynb")
    (ben / "four_times.ipynb").unlink()
    cleo = classroom.hand_in("cleo")
    shutil.copy(cleo / "twice.ipynb", cleo / "a.ipynb")
    (cleo / "twice.ipynb").rename(cleo / "b.ipynb")
    (cleo / "four_times.ipynb").write_text("{", "utf-8")
    dora = classroom.hand_in("dora")
    (dora / "twice_notes.ipynb").write_text('{"cells": [], "nbformat": 4}', "utf-8")
    (classroom.folder("emil")).mkdir(parents=True)
    return classroom, classroom.grader("classroom", "autograde", "tiny")


def test_each_student_with_an_odd_notebook_gets_a_line(odd: tuple[Classroom, str]) -> None:
    lines = odd[1].splitlines()
    for line in (
        "ada: my work (2).ipynb is twice by its cells, and counts",
        "ben: twice (1).ipynb is twice, too; twice.ipynb counts",
        "ben: missing: four_times",
        "cleo: a.ipynb, b.ipynb are all twice; none was taken: leave one of them",
        "cleo: four_times could not be read: four_times.ipynb is not a notebook: its JSON breaks "
        "in line 1; save it again",
        "dora: twice_notes.ipynb has the cells of no lesson, though its name looks like twice; it "
        "was not taken",
        "emil: no notebook is in the folder; nothing was graded",
    ):
        assert line in lines, odd[1]


def test_a_renamed_notebook_is_graded_under_its_own_name(odd: tuple[Classroom, str]) -> None:
    classroom = odd[0]
    assert classroom.scores()["ada"] == {"twice": 7.0, "four_times": 1.0}
    assert classroom.scores()["cleo"] == {"twice": 0.0, "four_times": 0.0}
    assert "handed in as my work (2).ipynb" in str(classroom.graded("ada", "twice"))


def test_a_table_shows_marks_and_who_waits_for_a_person(odd: tuple[Classroom, str]) -> None:
    rows = {line.split()[0]: line.split()[1:] for line in odd[1].splitlines() if line.split()}
    assert rows["ada"] == ["7", "?", "1", "8"]
    assert rows["ben"] == ["7", "?", "missing", "7"]
    assert "3 wait for a person, marked with ?: ada, ben, dora." in odd[1]


def test_a_course_that_changed_since_is_told(odd: tuple[Classroom, str]) -> None:
    classroom = odd[0]
    assert "has changed" not in odd[1]
    assert "has changed" not in classroom.grader("classroom", "autograde", "tiny")
    check = classroom.course / "tests" / "lessons" / "hidden" / "test_twice.py"
    check.write_text(check.read_text("utf-8") + "# edited\n", "utf-8")
    said = classroom.grader("classroom", "autograde", "tiny")
    assert "The course has changed since 4 of them were graded: ada, ben, cleo, dora." in said
    assert "--force" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], "does not name `nothing` as one of the course's assignments"),
        (["tiny", "--student", "nobody"], "nobody handed in `tiny`"),
        (["tiny", "--classroom", "/"], "is no classroom"),
    ],
)
def test_wrong_usage_gets_a_sentence(
    released_classroom: Classroom, arguments: list[str], words: str
) -> None:
    said = released_classroom.grader("classroom", "autograde", *arguments, code=1)
    assert words in said
    assert "Traceback" not in said


def test_a_lost_process_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(jobs: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(jobs, initializer=os._exit, initargs=(9,))

    choice = LevelChoice(Isolation.PROCESS)
    monkeypatch.setattr(local_backend, "choose_level_of", lambda *_: choice)
    monkeypatch.setattr(local_backend, "local_executor", lost)
    course = Course.load(REPOSITORY)
    with pytest.raises(GraderError, match="ended from outside"):
        classroom_grader.ClassroomGrader(course, None, jobs=1)
