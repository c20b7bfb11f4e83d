"""What a second grading leaves as it is, and what it writes anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_up_results import failed, lesson, passed, report, student

from grader.course import Course
from grader.grading.output_folder import CLASS_PAGE, GRADES, RESULTS, write_outputs

FIRST = report(student("ada", lesson(failed("sum"))))
LATER = replace(FIRST, graded_at="2027-01-01T00:00:00Z")
BETTER = replace(LATER, students=(student("ada", lesson(passed("sum"))),))


@pytest.fixture
def course(tiny_course: Any) -> Course:
    return Course.load(tiny_course(lessons=["share"]))


def test_results_that_did_not_change_keep_their_time(tmp_path: Path, course: Course) -> None:
    write_outputs(tmp_path, FIRST, course, pages=False)
    before = {name: (tmp_path / name).stat().st_ino for name in (RESULTS, GRADES)}
    write_outputs(tmp_path, LATER, course, pages=False)
    assert FIRST.graded_at in (tmp_path / RESULTS).read_text("utf-8")
    assert {name: (tmp_path / name).stat().st_ino for name in (RESULTS, GRADES)} == before
    write_outputs(tmp_path, BETTER, course, pages=False)
    assert BETTER.graded_at in (tmp_path / RESULTS).read_text("utf-8")


@pytest.mark.parametrize("name", [RESULTS, GRADES])
def test_what_was_changed_by_hand_is_written_anew(
    tmp_path: Path, course: Course, name: str
) -> None:
    write_outputs(tmp_path, FIRST, course, pages=False)
    text = (tmp_path / name).read_text("utf-8")
    (tmp_path / name).write_text(text.replace("ada", "bob"), "utf-8")
    write_outputs(tmp_path, FIRST, course, pages=False)
    assert (tmp_path / name).read_text("utf-8") == text


def test_the_class_page_tells_the_last_change_until_there_is_another(
    tmp_path: Path, course: Course
) -> None:
    for results, told in ((FIRST, False), (BETTER, True), (BETTER, True)):
        write_outputs(tmp_path, results, course, pages=True)
        page = (tmp_path / CLASS_PAGE).read_text("utf-8")
        assert ("Since the run before" in page) == told
