"""The store: what is kept comes back, and nothing else; one program at a time; trouble in words."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.grading.store import FILENAME, StoredResult, now, open_store
from grader.results import CheckResult, LessonResult, LessonStatus, Status
from grader.results.manual_marks import Mark
from grader.results.message import read

WROTE = "a message: é, 数, \u2028, \x1b[31m, 😀, NUL \x00"


def graded(lesson: str = "double", status: Status = Status.FAILED) -> LessonResult:
    check = CheckResult("test_two", "Two.", status, 0.1, 0.3, read(WROTE), "negated", None)
    return LessonResult(lesson, LessonStatus.GRADED, 0.1, 0.3, None, (check,))


def a_mark(points: float = 1.5, question: str = "q1") -> Mark:
    return Mark("ada", "concepts", question, points, WROTE, "a1b2", now())


def kept(result: LessonResult) -> StoredResult:
    return StoredResult(result, b"1", ("softmax", "qkv"), "full")


def keep(folder: Path, *results: LessonResult) -> None:
    with open_store(folder) as store, store.together():
        for result in results:
            store.keep("ada", kept(result))


def keep_and_be_interrupted(folder: Path) -> None:
    with open_store(folder) as store, store.together():
        store.keep("ada", kept(graded()))
        raise KeyboardInterrupt


def read_all(folder: Path) -> None:
    with open_store(folder) as store:
        for number in range(200):
            store.results("ada")[f"lesson{number}"]


def test_students_with_the_same_result_share_one_object(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, store.together():
        ada, ben = (store.keep(student, kept(graded())) for student in ("ada", "ben"))
        assert ada is ben
        assert ada == graded()
        assert store.results("ben")["double"].result is ada
        undecided = graded(status=Status.UNDECIDED)
        assert store.keep("cleo", kept(undecided)) is undecided  # it is not stored


def test_a_result_comes_back_as_it_was(tmp_path: Path) -> None:
    keep(tmp_path, graded())
    with open_store(tmp_path) as store:
        assert store.results("ada") == {"double": kept(graded())}


def test_nothing_comes_back_for_another_student(tmp_path: Path) -> None:
    keep(tmp_path, graded())
    with open_store(tmp_path) as store:
        assert store.results("ADA") == {}


def test_a_later_result_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    keep(tmp_path, graded())
    keep(tmp_path, graded(status=Status.TIMEOUT))
    with open_store(tmp_path) as store:
        assert store.results("ada")["double"].result.checks[0].status is Status.TIMEOUT


def test_a_fault_of_ours_is_not_kept(tmp_path: Path) -> None:
    keep(tmp_path, graded(status=Status.GRADER_ERROR), graded("triple"))
    with open_store(tmp_path) as store:
        assert set(store.results("ada")) == {"triple"}


def test_what_is_interrupted_half_way_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        keep_and_be_interrupted(tmp_path)
    with open_store(tmp_path) as store:
        assert store.results("ada") == {}


def test_a_result_of_another_shape_is_graded_again(tmp_path: Path) -> None:
    keep(tmp_path, graded())
    with sqlite3.connect(tmp_path / FILENAME) as connection:
        connection.execute("UPDATE results SET result = '{\"lesson\": 3}'")
    connection.close()
    with open_store(tmp_path) as store:
        assert store.results("ada") == {}


def test_marks_are_replaced_listed_and_taken_back(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.mark(a_mark(0.5, "q2"))
        store.mark(a_mark(0.5))
        store.mark(a_mark(2.0))
    with open_store(tmp_path) as store:
        points = {mark.question: mark.points for mark in store.marks()}
        assert points == {"q1": 2.0, "q2": 0.5}
        assert store.marks("ada")[0].comment == WROTE
        assert store.marks("ben") == []
        assert store.unmark("ada", "concepts", "q1")
        assert not store.unmark("ada", "concepts", "q1")
        assert [mark.question for mark in store.marks()] == ["q2"]


def test_a_second_program_is_told_and_stops(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from grader.grading.store import open_store\n"
    code += "with open_store(Path(sys.argv[1])): pass"
    command = [sys.executable, "-c", code, str(tmp_path)]
    with open_store(tmp_path):
        second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "GraderError: another grader is at work" in second.stderr
    assert subprocess.run(command, check=False).returncode == 0


def test_what_is_no_store_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILENAME).write_text("this is no database, and somebody may still need it" * 99)
    before = (tmp_path / FILENAME).read_bytes()
    with pytest.raises(GraderError, match="is damaged"), open_store(tmp_path):
        pass
    assert (tmp_path / FILENAME).read_bytes() == before


def test_a_damaged_store_is_named_and_left_alone(tmp_path: Path) -> None:
    keep(tmp_path, *(graded(f"lesson{number}") for number in range(200)))
    path = tmp_path / FILENAME
    data = path.read_bytes()
    path.write_bytes(data[:4096] + os.urandom(len(data) - 4096))
    with pytest.raises(GraderError, match="is damaged"):
        read_all(tmp_path)


def test_somebody_elses_database_is_not_written_to(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILENAME) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    before = (tmp_path / FILENAME).read_bytes()
    with pytest.raises(GraderError, match="was not written by this version"):
        keep(tmp_path, graded())
    assert (tmp_path / FILENAME).read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as POSIX has it")
def test_a_full_disk_is_told_and_earlier_results_stay(tmp_path: Path) -> None:
    keep(tmp_path, graded())
    code = """
import resource, sys
from pathlib import Path
from grader.errors import GraderError
from grader.results import LessonResult, LessonStatus
from grader.results.message import read
from grader.grading.store import StoredResult, open_store
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    with open_store(Path(sys.argv[1])) as store, store.together():
        for number in range(1000):
            name = str(number)
            result = LessonResult(name, LessonStatus.MISSING, 0.0, 1.0, "x" * 9000)
            store.keep("ben", StoredResult(result, b"1", (), "full"))
except GraderError as error:
    print(error)
"""
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert "What was graded before is kept" in told.stdout
    with open_store(tmp_path) as store:
        assert set(store.results("ada")) == {"double"}
        assert store.results("ben") == {}
