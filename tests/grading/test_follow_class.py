"""`grader grade --follow`: the results are always those of the submissions that are there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiny_course import CourseWriter

from grader.course import Course
from grader.errors import IntakeError
from grader.grading import follow_class as following
from grader.grading.follow_class import follow_class
from grader.grading.grade_class import Graded, Options

RIGHT = "def double(x):\n    return 2 * x\n"
LESSONS = [{"id": "double", "points": 4}]
WRONG = "def double(x):\n    return x\n"


class Night:
    """A class whose submissions arrive while `grader grade --follow` runs."""

    def __init__(self, course: Path, folder: Path) -> None:
        self.course, self.submissions, self.out = course, folder / "class", folder / "out"
        self.submissions.mkdir()
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    def hand_in(self, student: str, program: str) -> None:
        (self.submissions / student).mkdir(exist_ok=True)
        (self.submissions / student / "double.py").write_text(program)

    def command(self, *options: str) -> list[str]:
        words = ["--course", str(self.course), "grade", str(self.submissions)]
        return [sys.executable, "-m", "grader", *words, "--out", str(self.out), *options]

    def follow(self) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command("--follow", "--jobs", "1"), stdout=log, stderr=log
            )

    def wait_for(self, words: str) -> None:
        process = self.process
        wait_until(lambda: words in self.said or process is None or process.poll() is not None)
        assert words in self.said

    @property
    def said(self) -> str:
        return self.log.read_text()

    @property
    def scores(self) -> dict[str, float]:
        report = json.loads((self.out / "results.json").read_text())
        return {it["student"]: it["score"] for it in report["students"]}


def wait_until(there: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not there():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def night(tiny_course: CourseWriter, tmp_path: Path) -> Iterator[Night]:
    night = Night(tiny_course(lessons=LESSONS), tmp_path)
    yield night
    if night.process is not None:
        night.process.kill()
        night.process.wait()


@pytest.mark.slow
def test_a_class_is_followed_until_ctrl_c(night: Night) -> None:
    night.hand_in("ada", RIGHT)
    night.follow()
    night.wait_for("Report:")
    assert night.scores == {"ada": 4.0}

    night.hand_in("ben", WRONG)
    night.wait_for("ben 1 (new)")
    second = subprocess.run(night.command(), capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert "another grader is at work in the same output folder" in second.stderr

    night.hand_in("ada", WRONG)
    shutil.rmtree(night.submissions / "ben")
    night.wait_for("ben gone")
    assert "ada 1 (-3), ben gone" in night.said
    assert night.scores == {"ada": 1.0}

    assert night.process is not None
    night.process.send_signal(signal.SIGINT)
    assert night.process.wait(30) == 0
    assert "Traceback" not in night.said
    assert "goes on where it was" not in night.said  # nothing was being graded


@pytest.mark.slow
def test_an_empty_folder_is_waited_for_and_ctrl_c_ends(night: Night) -> None:
    night.follow()
    night.wait_for("Ctrl-C ends")
    wait_until((night.out / "grades.sqlite3").exists)
    assert night.process is not None
    night.process.send_signal(signal.SIGINT)
    assert night.process.wait(30) == 130
    assert "Traceback" not in night.said


@pytest.mark.slow
def test_what_cannot_be_taken_in_is_told_and_the_next_change_mends_it(
    tiny_course: CourseWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_BETWEEN_LOOKS", 0.01)
    submissions = tmp_path / "class"
    submissions.mkdir()
    (submissions / "notes.txt").write_text("later")
    course = Course.load(tiny_course(lessons=LESSONS))
    rounds = follow_class(course, submissions, tmp_path / "out", Options())
    assert isinstance(next(rounds), IntakeError)
    (submissions / "ada").mkdir()
    (submissions / "ada" / "double.py").write_text(RIGHT)
    graded = next(rounds)
    assert isinstance(graded, Graded)
    assert [it.score for it in graded.report.students] == [4.0]
    rounds.close()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Callable[[], object]]]:
    """What happens before the next looks at a folder."""
    happenings: list[Callable[[], object]] = []

    def sleep(_: float) -> None:
        happenings.pop(0)()

    monkeypatch.setattr("grader.grading.follow_class.time.sleep", sleep)
    yield happenings
    assert not happenings


def nothing() -> None:
    """Happens often."""


def test_a_file_that_is_being_written_is_waited_for(
    looks: list[Callable[[], object]], tmp_path: Path
) -> None:
    file = tmp_path / "ada.zip"
    looks += [nothing, lambda: file.write_text("P"), lambda: file.write_text("PK"), nothing]
    assert following._wait_for_change(tmp_path, {}) == following._look(tmp_path)
    assert file.read_text() == "PK"


def test_a_folder_that_never_stands_still_is_graded_all_the_same(
    looks: list[Callable[[], object]], tmp_path: Path
) -> None:
    looks += [(tmp_path / str(number)).touch for number in range(6)]
    assert len(following._wait_for_change(tmp_path, {})) == 6


def test_a_file_that_was_replaced_by_one_of_the_same_size_has_changed(
    looks: list[Callable[[], object]], tmp_path: Path
) -> None:
    file = tmp_path / "ada.py"
    file.write_text("1")
    seen = following._look(tmp_path)
    state = file.stat()
    looks += [lambda: os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns + 1)), nothing]
    assert following._wait_for_change(tmp_path, seen) != seen
