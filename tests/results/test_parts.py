"""Which parts of a course count for a student, and how results of several parts are shown."""

from __future__ import annotations

import csv as csv_module
import io

import pytest
from made_up_results import lesson, missing, passed, report, student, unreadable
from page_elements import class_page, text_of
from rich.console import Console

from grader.errors import GraderError
from grader.exchange.exports import with_one_lesson, with_one_part
from grader.reports import class_summary, class_table, csv, markdown
from grader.reports.pages.student_page import student_page
from grader.reports.pages.templating import Titles
from grader.results import LessonResult, LessonStatus, Report
from grader.results.class_figures import analyse
from grader.results.parts import Part, leave_out_parts_not_begun, only_part

ONE = Part(id="one", title="Part one: numbers", lessons=tuple("abcdef"))
TWO = Part(id="two", title="Part two: programs", lessons=tuple("ghijkl"))
PARTS = (ONE, TWO)
LESSONS = ONE.lessons + TWO.lessons
TITLES = Titles("A course", {name: f"Lesson {name}" for name in LESSONS}, PARTS)


def right(names: str) -> list[LessonResult]:
    return [
        lesson(passed("sum"), name=name) if name in names else missing(name, 1.0)
        for name in LESSONS
    ]


def a_class() -> Report:
    return leave_out_parts_not_begun(
        report(
            student("ada", *right("abcdefghijkl")),
            student("ben", *right("abc")),
            student("cleo", *right("gh")),
            student("dev", *right("")),
        ),
        PARTS,
    )


def totals(results: Report) -> dict[str, tuple[float, float]]:
    return {row.student: (row.score, row.max_score) for row in results.students}


def test_a_part_of_which_nothing_was_handed_in_counts_nowhere() -> None:
    assert totals(a_class()) == {"ada": (12, 12), "ben": (3, 6), "cleo": (2, 6), "dev": (0, 6)}


def test_who_handed_in_nothing_at_all_has_the_first_part() -> None:
    (dev,) = (row for row in a_class().students if row.student == "dev")
    assert tuple(result.lesson for result in dev.lessons) == ONE.lessons
    assert {result.status for result in dev.lessons} == {LessonStatus.MISSING}


def test_a_file_that_cannot_be_read_or_is_misnamed_begins_a_part() -> None:
    misnamed = LessonResult("h", LessonStatus.MISSING, 0.0, 1.0, "lesson8.py is there")
    for odd in (unreadable("not Python", "h"), misnamed):
        lessons = [odd if result.lesson == "h" else result for result in right("a")]
        class_ = leave_out_parts_not_begun(report(student("ada", *lessons)), PARTS)
        assert len(class_.students[0].lessons) == 12


def test_a_course_without_parts_keeps_all_lessons() -> None:
    class_ = report(student("ben", *right("abc")))
    assert leave_out_parts_not_begun(class_, ()) is class_


def test_the_report_of_a_part_has_only_students_who_began_it() -> None:
    assert totals(only_part(a_class(), TWO)) == {"ada": (6, 6), "cleo": (2, 6)}
    assert totals(with_one_part(a_class(), TWO)) == totals(only_part(a_class(), TWO))
    assert totals(with_one_lesson(a_class(), "g")) == {"ada": (1, 1), "cleo": (1, 1)}


def test_grades_have_empty_cells_for_a_part_that_was_not_begun() -> None:
    rows = list(csv_module.DictReader(io.StringIO(csv.render(a_class(), LESSONS))))
    assert rows[1] == {
        "student": "ben", **dict.fromkeys("abc", "1"), **dict.fromkeys("def", "0"),
        **dict.fromkeys("ghijkl", ""), "total": "3", "max_total": "6",
    }  # fmt: skip
    assert rows[2]["a"] == ""
    assert rows[2]["g"] == "1"


def test_grades_of_a_class_in_part_one_have_no_columns_of_part_two() -> None:
    class_ = leave_out_parts_not_begun(report(student("ben", *right("abc"))), PARTS)
    head = csv.render(class_, LESSONS).splitlines()[0]
    assert head == "student,a,b,c,d,e,f,total,max_total"
    assert "| a | b | c | d | e | f | total |" in markdown.render(class_, LESSONS)


def shown(what: object) -> str:
    console = Console(file=io.StringIO(), width=80)
    console.print(what)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def test_each_part_has_a_table_of_80_columns() -> None:
    table = shown(class_table.render(a_class(), LESSONS, PARTS))
    first, second = table.split(TWO.title)
    assert ONE.title in first
    assert "cleo" not in first
    assert "ben" not in second
    assert "6 / 6" in first
    assert max(map(len, table.splitlines())) <= 80


def test_a_class_in_one_part_has_one_table_without_a_title() -> None:
    class_ = only_part(a_class(), ONE)
    assert shown(class_table.render(class_, LESSONS, PARTS)) == shown(
        class_table.render(class_, ONE.lessons)
    )


def test_averages_are_shares_if_students_have_different_parts() -> None:
    figures = analyse(a_class())
    assert figures.is_mixed
    assert figures.mean_share == (1 + 3 / 6 + 2 / 6 + 0) / 4
    assert figures.bins == (1, 0, 0, 1, 0, 1, 0, 0, 0, 1)
    assert "mean 46 %" in "".join(map(shown, class_summary.render(a_class())))
    assert "46 % of the parts that each has begun" in text_of(class_page(a_class(), TITLES, {}))


def test_the_lessons_of_a_class_are_in_the_order_of_the_course() -> None:
    class_ = leave_out_parts_not_begun(
        report(student("al", *right("gh")), student("bo", *right("abcdefghijkl"))), PARTS
    )
    assert tuple(figures.lesson for figures in analyse(class_).lessons) == LESSONS


def test_pages_are_divided_into_parts() -> None:
    page = class_page(a_class(), TITLES, {})
    assert page.count('aria-label="Part ') == 2
    ada, ben = (student_page(row, TITLES, "2026-11-20T17:00:00Z") for row in a_class().students[:2])
    assert TWO.title in text_of(ada)
    assert "Part " not in text_of(ben)
    assert "Lesson g" not in text_of(ben)


def test_a_part_that_the_results_lack_is_refused() -> None:
    with pytest.raises(GraderError, match="nothing of the part `two`"):
        with_one_part(only_part(a_class(), ONE), TWO)
