"""The records in each format."""

from __future__ import annotations

import csv as csv_format
import io
import json as json_format
import re
from collections.abc import Sequence
from dataclasses import replace
from unicodedata import category

import made_up_results
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_results import TWICE, pending, with_mistake
from rich.console import Console

from grader.reports import class_table, csv, gradescope_json, json, junit, markdown
from grader.reports.statuses import LOOKS
from grader.results import (
    CheckResult,
    LessonResult,
    LessonStatus,
    Report,
    Status,
    StudentResult,
)
from grader.results.message import read

TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # turn the direction of writing
WIDE_EQUALS = "\uff1d"  # spreadsheets take it for an equals sign
NASTY_NAMES = [
    "=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "  =1", f"{WIDE_EQUALS}1", "a,b", 'a"b',
    "a\nb", "a\r\nb", "a;b", "'quoted", "\x1b[31mred\x1b[0m", "\u202eevil", "[bold]x", "\x07", "",
    "ünï", "\U0001f600",
]  # fmt: skip


def a_check(status: Status = Status.PASSED, points: float = 1.0) -> CheckResult:
    passed = status is Status.PASSED
    score = points if passed or status is Status.GRADER_ERROR else 0.0
    message = None if passed else "got        nothing"
    return CheckResult(
        f"test_{status}", "A title.", status, score, points, read(message) if message else ()
    )


def a_lesson(*statuses: Status, lesson: str = "one") -> LessonResult:
    checks = tuple(map(a_check, statuses))
    score = sum(check.score for check in checks)
    return LessonResult(lesson, LessonStatus.GRADED, score, len(checks), None, checks)


def a_report(*students: StudentResult) -> Report:
    return Report("tiny", "2026-11-20T17:00:00Z", "full", students)


def a_student(name: str = "ada", *lessons: LessonResult) -> StudentResult:
    return StudentResult(name, lessons or (a_lesson(Status.PASSED),))


def cells(report: Report, lessons: tuple[str, ...] = ("one",)) -> list[list[str]]:
    return list(csv_format.reader(io.StringIO(csv.render(report, lessons), newline="")))


def on_terminal(report: Report, lessons: tuple[str, ...] = ("one",), width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    with console.capture() as capture:
        console.print(class_table.render(report, lessons))
    return capture.get()


# grades.csv


def test_a_row_holds_a_students_scores_and_totals() -> None:
    one, two = a_lesson(Status.PASSED), a_lesson(Status.PASSED, Status.FAILED, lesson="two")
    assert cells(a_report(a_student("ada", one, two)), ("one", "two")) == [
        ["student", "one", "two", "total", "max_total"],
        ["ada", "1", "1", "2", "3"],
    ]


def test_an_empty_class_has_a_header_and_no_rows() -> None:
    assert csv.render(a_report(), ("one", "two")) == "student,one,two,total,max_total\r\n"


def shown(name: str) -> str:
    """A name with escapes for what acts on a terminal; lines and tabs stay."""
    obeyed = {
        character
        for character in name
        if (category(character) == "Cc" and character not in "\t\n\r") or character in TURNS
    }
    return "".join(
        ascii(character)[1:-1] if character in obeyed else character for character in name
    )


@pytest.mark.parametrize("name", NASTY_NAMES)
def test_a_spreadsheet_reads_back_the_name_and_runs_nothing(name: str) -> None:
    _, (cell, *_) = cells(a_report(a_student(name)))
    assert cell.removeprefix("'") == shown(name).removeprefix("'")
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", WIDE_EQUALS))


@given(st.text(st.characters(codec="utf-8")))
def test_whatever_a_student_is_called_the_file_keeps_its_form(name: str) -> None:
    rows = cells(a_report(a_student(name), a_student("zoe")))
    assert [len(row) for row in rows] == [4, 4, 4]
    name = shown(name)
    assert rows[1][0] in (name, f"'{name}")
    assert rows[2] == ["zoe", "1", "1", "1"]


def test_the_file_shown_on_a_terminal_does_nothing() -> None:
    names = ["a\x1b[2J", "\x9b31m", "\x08\x08\x7f", "\u202egnp", "=\x1b]0;t\x07"]
    text = csv.render(a_report(*map(a_student, names)), ("one",))
    assert not set(text) & {*"\x1b\x9b\x08\x7f\x07", *TURNS}
    assert "\r\na\\x1b[2J,1,1,1\r\n" in text


@pytest.mark.parametrize("name", ["a;=1+1", "a\t=1+1"])
def test_a_name_does_not_fall_apart_where_another_character_separates_cells(name: str) -> None:
    # Where the comma is the decimal sign, spreadsheets split at semicolons; and some at tabs.
    assert csv.render(a_report(a_student(name)), ("one",)).splitlines()[1].startswith(f'"{name}",')


@pytest.mark.parametrize("name", ["ada", "a-b", "o'neil", "1=1", "zoë"])
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert csv.make_harmless(name) == name


# results.json


def as_json(report: Report) -> str:
    return "".join(json.render(report))


def test_the_document_holds_every_field_of_every_record() -> None:
    check = CheckResult(
        "test_a",
        "A title.",
        Status.FAILED,
        0.0,
        2.0,
        read("got 1"),
        "wrong-axis",
        "Which way?",
        True,
    )
    lesson = LessonResult("one", LessonStatus.GRADED, 0.0, 2.0, "a note", (check,))
    assert json_format.loads(as_json(a_report(a_student("ada", lesson)))) == {
        "format_version": 1,
        "course": "tiny",
        "graded_at": "2026-11-20T17:00:00Z",
        "isolation": "full",
        "students": [
            {
                "student": "ada",
                "score": 0.0,
                "max_score": 2.0,
                "lessons": [
                    {
                        "lesson": "one",
                        "status": "graded",
                        "score": 0.0,
                        "max_score": 2.0,
                        "message": "a note",
                        "checks": [
                            {
                                "check": "test_a",
                                "title": "A title.",
                                "status": "failed",
                                "score": 0.0,
                                "max_score": 2.0,
                                "message": "got 1",
                                "misconception": "wrong-axis",
                                "hint": "Which way?",
                                "follow_through": True,
                            }
                        ],
                    }
                ],
            }
        ],
    }


def test_all_that_a_record_can_hold_is_read_back() -> None:
    late = replace(
        made_up_results.lesson(with_mistake("sum"), with_mistake("size", TWICE), pending()),
        late=0.2,
    )
    report = made_up_results.report(
        made_up_results.student("ben", late, made_up_results.unreadable("why"))
    )
    assert json.parse(as_json(report).encode()) == report


def test_students_with_the_same_lesson_share_one_object_when_a_report_is_read() -> None:
    lesson = a_lesson(Status.PASSED, Status.FAILED)
    report = a_report(a_student("ada", lesson), a_student("ben", replace(lesson)))
    ada, ben = json.parse(as_json(report).encode()).students
    assert ada.lessons[0] is ben.lessons[0]
    assert ada.lessons[0] == lesson


def test_an_empty_class_is_an_empty_list() -> None:
    assert json_format.loads(as_json(a_report()))["students"] == []


@pytest.mark.parametrize("name", NASTY_NAMES)
def test_names_come_back_from_plain_printable_text(name: str) -> None:
    text = as_json(a_report(a_student(name)))
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert json_format.loads(text)["students"][0]["student"] == name


@pytest.mark.parametrize("score", [float("nan"), float("inf"), float("-inf")])
def test_a_score_that_is_no_number_is_refused_instead_of_written(score: float) -> None:
    lesson = LessonResult("one", LessonStatus.GRADED, score, 10.0)
    with pytest.raises(ValueError, match="JSON"):
        as_json(a_report(a_student("ada", lesson)))


@pytest.mark.parametrize("status", Status)
def test_a_status_is_written_as_the_contract_spells_it(status: Status) -> None:
    document = json_format.loads(as_json(a_report(a_student("ada", a_lesson(status)))))
    assert document["students"][0]["lessons"][0]["checks"][0]["status"] == status.name.lower()


def test_markdown_marks_an_error_of_ours() -> None:
    text = markdown.render(a_report(a_student("ada", a_lesson(Status.GRADER_ERROR))), ("one",))
    assert "| ada | 1! | 1 / 1 |" in text
    assert "“!”: our error; it costs nothing" in text


def test_a_check_that_could_not_be_graded_is_told_in_every_form() -> None:
    ada = a_student("ada", a_lesson(Status.UNDECIDED))
    report = a_report(ada)
    assert "| ada | 0? | 0 / 1 |" in markdown.render(report, ("one",))
    assert "undecided" in csv.render_checks(report)
    junit_text = junit.render(report)
    assert 'errors="1"' in junit_text
    assert 'type="undecided"' in junit_text
    gradescope = json_format.loads(gradescope_json.render(ada, gradescope_json.note_on(ada, "x")))
    assert gradescope["output"].startswith("This could not be graded")
    (test,) = gradescope["tests"]
    assert (test["status"], test["score"], test["visibility"]) == ("failed", 0, "visible")


# The table


@pytest.mark.parametrize(
    ("statuses", "shown"),
    [
        ([Status.PASSED, Status.PASSED], "2"),
        ([Status.PASSED, Status.FAILED, Status.SKIPPED], "1"),
        ([Status.NOT_ATTEMPTED, Status.NOT_ATTEMPTED], "untouched"),
        ([Status.PASSED, Status.NOT_ATTEMPTED], "1"),
        ([Status.PASSED, Status.TIMEOUT], "timeout 1"),
        ([Status.PASSED, Status.OUT_OF_MEMORY, Status.TIMEOUT], "memory 1"),
        ([Status.PASSED, Status.CRASHED, Status.OUT_OF_MEMORY], "crashed 1"),
        ([Status.PASSED, Status.GRADER_ERROR, Status.CRASHED], "our error 2"),
        ([Status.PASSED, Status.GRADER_ERROR, Status.UNDECIDED], "undecided 2"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_a_cell_says_the_points_and_the_gravest_thing_that_happened(
    statuses: Sequence[Status], shown: str
) -> None:
    printed = on_terminal(a_report(a_student("ada", a_lesson(*statuses))))
    (row,) = (line for line in printed.splitlines() if line.startswith(" ada "))
    assert re.split(r"  +", row.strip())[1] == shown


@pytest.mark.parametrize("status", [LessonStatus.MISSING, LessonStatus.UNREADABLE])
def test_a_lesson_that_was_not_graded_says_so(status: LessonStatus) -> None:
    lesson = LessonResult("one", status, 0.0, 10.0, "[red]why[/red]")
    printed = on_terminal(a_report(a_student("ada", lesson)))
    assert f" {status} " in printed
    assert "0 / 10" in printed


@pytest.mark.parametrize("name", NASTY_NAMES)
def test_no_name_disturbs_the_terminal(name: str) -> None:
    printed = on_terminal(a_report(a_student(name), a_student("zoe")))
    assert printed.replace("\n", "").isprintable()
    assert len({len(line) for line in printed.splitlines()}) == 1 or not name.isascii()
    rows = [line for line in printed.splitlines() if line.strip()]
    assert len(rows) == 4, "a header, a line, and two rows"


def test_brackets_in_a_name_are_shown_and_not_obeyed() -> None:
    assert "[bold]x[/bold]" in on_terminal(a_report(a_student("[bold]x[/bold]")))


def test_a_long_name_is_cut() -> None:
    printed = on_terminal(a_report(a_student("x" * 500)))
    assert "x" * 20 in printed
    assert "x" * 40 not in printed
    assert "…" in printed


def test_an_empty_class_has_a_table_with_a_header() -> None:
    printed = on_terminal(a_report(), ("one", "two"))
    assert all(word in printed for word in ("student", "one", "two", "total"))


# How statuses are shown


def test_every_status_has_a_look() -> None:
    assert set(LOOKS) == {*Status, *LessonStatus}
