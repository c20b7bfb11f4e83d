"""What a second grading leaves as it is, and what it writes anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_up_results import failed, lesson, missing, passed, report, student
from page_elements import Elements, text_of

from grader.course import Course
from grader.grading.output_folder import GRADES, RESULTS, write_outputs
from grader.reports.pages.class_page import CLASS_PAGE

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


@pytest.fixture
def two_rows_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.reports.pages.class_page._MOST_ROWS", 2)
    monkeypatch.setattr("grader.reports.pages.class_page._MOST_NAMES", 3)


FIVE = [student(name, lesson(failed("sum"))) for name in ("ada", "ben", "cleo", "dan", "eve")]


@pytest.mark.usefixtures("two_rows_a_page")
def test_a_large_class_has_further_pages_which_lead_to_each_other(
    tmp_path: Path, course: Course
) -> None:
    names = [CLASS_PAGE, "report-2.html", "report-3.html"]
    write_outputs(tmp_path, report(*FIVE), course, pages=True)
    pages = [Elements((tmp_path / name).read_text("utf-8")) for name in names]
    rows = [sum(tag == "svg" and it.get("class") == "strip" for tag, it in p.found) for p in pages]
    assert rows == [2, 2, 1]
    for name, page in zip(names, pages, strict=True):
        linked = {it["href"] for tag, it in page.found if tag == "a"}
        others = {f"{other}#students" for other in names if other != name}
        assert others <= linked
        for target in linked - others:
            assert (tmp_path / str(target)).is_file()
    assert "eve" in pages[2].text
    assert "ada \N{EN DASH} ben" in pages[2].text


@pytest.mark.usefixtures("two_rows_a_page")
def test_a_long_list_of_names_says_how_many_more_there_are(tmp_path: Path, course: Course) -> None:
    absent = [student(f"s{number}", missing()) for number in range(5)]
    write_outputs(tmp_path, report(*FIVE, *absent), course, pages=True)
    text = text_of((tmp_path / CLASS_PAGE).read_text("utf-8"))
    assert "s0, s1, s2 and 2 more: grades.csv" in text


@pytest.mark.usefixtures("two_rows_a_page")
def test_the_pages_of_a_class_that_has_become_smaller_go(tmp_path: Path, course: Course) -> None:
    (tmp_path / "report-of-mine.html").write_text("mine")
    write_outputs(tmp_path, report(*FIVE), course, pages=True)
    (tmp_path / "report-2.html").write_text("damaged")
    write_outputs(tmp_path, report(*FIVE), course, pages=True)
    assert "cleo" in (tmp_path / "report-2.html").read_text("utf-8")
    write_outputs(tmp_path, report(*FIVE[:3]), course, pages=True)
    left = {path.name for path in tmp_path.glob("*.html")}
    assert left == {CLASS_PAGE, "report-2.html", "report-of-mine.html"}
