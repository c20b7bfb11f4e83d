"""The changes between two reports, and how `grader diff` shows them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from grader.cli import main
from grader.reports import json
from grader.results import CheckResult, LessonResult, LessonStatus, Report, Status, StudentResult
from grader.results.changes import compare

HOSTILE = '=HYPERLINK("x")\x1b[31m[bold]\u202e\n<b>'


def a_check(name: str, score: float, status: Status = Status.PASSED) -> CheckResult:
    return CheckResult(f"test_{name}", f"The {name}.", status, score, 2.0)


def a_lesson(name: str, *checks: CheckResult) -> LessonResult:
    score = sum(check.score for check in checks)
    return LessonResult(name, LessonStatus.GRADED, score, 4.0, None, checks)


def a_report(**students: tuple[LessonResult, ...]) -> Report:
    class_ = tuple(StudentResult(name, lessons) for name, lessons in sorted(students.items()))
    return Report("tiny", "2026-11-20T17:00:00Z", "full", class_)


MISSING = LessonResult("double", LessonStatus.MISSING, 0.0, 4.0)
OLD = a_report(
    ada=(a_lesson("double", a_check("one", 2.0), a_check("two", 0.0, Status.TIMEOUT)),),
    ben=(a_lesson("double", a_check("one", 2.0), a_check("two", 2.0)),),
    cleo=(MISSING,),
    dev=(a_lesson("double", a_check("one", 2.0), a_check("two", 0.0, Status.FAILED)),),
    gone=(MISSING,),
)
NEW = a_report(
    ada=(a_lesson("double", a_check("one", 1.5), a_check("two", 2.0)),),
    ben=(a_lesson("double", a_check("one", 2.0), a_check("two", 2.0)),),
    cleo=(a_lesson("double", a_check("one", 2.0), a_check("two", 0.0, Status.FAILED)),),
    dev=(a_lesson("double", a_check("one", 0.0, Status.FAILED), a_check("three", 2.0)),),
    fresh=(MISSING,),
)

statuses = st.sampled_from(list(Status))
checks = st.builds(
    a_check, st.sampled_from("abcd"), st.integers(0, 8).map(lambda quarters: quarters / 4), statuses
)
lessons = st.builds(
    lambda name, record: a_lesson(name, *record),
    st.sampled_from(["double", "triple"]),
    st.lists(checks, max_size=3, unique_by=lambda check: check.check),
) | st.just(MISSING)
classes = st.dictionaries(
    st.sampled_from(["ada", "ben", "=1+1", HOSTILE]),
    st.lists(lessons, max_size=2, unique_by=lambda record: record.lesson).map(tuple),
    max_size=3,
).map(lambda students: a_report(**students))


def test_changes_of_marks_are_reported_check_by_check() -> None:
    changes = {
        student.student: [
            (change.check, change.was, change.now, change.by) for change in student.changes
        ]
        for student in compare(OLD, NEW)
    }
    assert changes == {
        "ada": [
            ("test_one", "passed", "passed", -0.5),
            ("test_two", "timeout", "passed", 2.0),
        ],
        "cleo": [(None, "missing", "graded", 2.0)],
        "dev": [("test_one", "passed", "failed", -2.0), ("test_three", None, "passed", 2.0)],
        "fresh": [],
        "gone": [],
    }
    assert {student.student: student.by for student in compare(OLD, NEW)} == {
        "ada": 1.5, "cleo": 2.0, "dev": 0.0, "fresh": 0.0, "gone": 0.0,
    }  # fmt: skip


@pytest.mark.slow
@given(classes, classes)
def test_the_changes_add_up_to_that_of_the_total(old: Report, new: Report) -> None:
    changed = compare(old, new)
    assert [student.student for student in changed] == sorted(
        student.student for student in changed
    )
    assert compare(old, old) == ()
    for student in changed:
        assert sum(change.by for change in student.changes) == pytest.approx(student.by)
        assert all(change.by for change in student.changes)
    back = {student.student: student.by for student in compare(new, old)}
    assert back == {student.student: -student.by for student in changed}


def test_what_adding_up_in_another_order_changes_is_no_change(tmp_path: Path) -> None:
    old = a_report(ada=(a_lesson("double", a_check("one", 0.1 + 0.2), a_check("two", 0.0)),))
    new = a_report(ada=(a_lesson("double", a_check("one", 0.3), a_check("two", 0.0)),))
    assert compare(old, new) == ()
    moved = a_report(ada=(a_lesson("double", a_check("one", 0.0), a_check("two", 0.3)),))
    told = diff(write(tmp_path / "old", old), write(tmp_path / "new", moved))
    assert "1 with as many from other checks" in told


def test_changes_have_the_order_and_words_of_the_new_report() -> None:
    one, two = a_lesson("double", a_check("one", 0.0)), a_lesson("triple", a_check("one", 0.0))
    better = [replace(a_check("one", 2.0), title="In other words.")]
    old, new = (a_report(ada=lessons) for lessons in (
        (one, two), (a_lesson("triple", *better), a_lesson("double", *better)),
    ))  # fmt: skip
    (ada,) = compare(old, new)
    assert [(change.lesson, change.title) for change in ada.changes] == [
        ("triple", "In other words."), ("double", "In other words."),
    ]  # fmt: skip


@pytest.mark.slow
@given(classes)
def test_a_report_is_read_as_it_was_written(report: Report) -> None:
    assert json.parse("".join(json.render(report)).encode()) == report


def write(folder: Path, report: Report) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "results.json").write_text("".join(json.render(report)))
    return folder


def diff(*paths: Path, code: int = 0) -> str:
    done = CliRunner(env={"COLUMNS": "120"}).invoke(main, ["diff", *map(str, paths)])
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done.output


def test_an_error_of_ours_is_called_so(tmp_path: Path) -> None:
    old, new = (
        a_report(ada=(a_lesson("double", a_check("one", points, status)),))
        for status, points in ((Status.FAILED, 0.0), (Status.GRADER_ERROR, 2.0))
    )
    told = diff(write(tmp_path / "old", old), write(tmp_path / "new", new))
    assert "failed → our error" in told


def test_the_command_tells_it_in_a_table(tmp_path: Path) -> None:
    told = diff(write(tmp_path / "old", OLD), write(tmp_path / "new", NEW) / "results.json")
    rows = [" ".join(line.split()) for line in told.splitlines()]
    assert "ada total 2 3.5 +1.5" in rows
    assert "double The two. timeout → passed 0 2 +2" in rows
    assert "double The one. 2 1.5 -0.5" in rows
    assert "double the whole lesson missing → graded 0 2 +2" in rows
    assert "fresh new - 0 0" in rows
    assert "gone gone 0 - 0" in rows
    assert "ben" not in told
    assert rows[-1] == (
        "5 of 6 students changed: 1 new, 1 gone, 2 with more points, "
        "1 with as many from other checks."
    )


def test_where_nothing_changed_it_says_so(tmp_path: Path) -> None:
    told = diff(write(tmp_path / "old", OLD), write(tmp_path / "new", OLD))
    assert told == "Nobody's marks changed (5 students).\n"


def test_another_level_of_isolation_is_reported(tmp_path: Path) -> None:
    new = replace(OLD, isolation="filtered")
    told = diff(write(tmp_path / "old", OLD), write(tmp_path / "new", new))
    assert "Isolation: `full` then `filtered`." in told


def test_what_students_wrote_does_nothing_to_the_terminal(tmp_path: Path) -> None:
    check = replace(a_check("one", 0.0), title=HOSTILE)
    old = a_report(**{HOSTILE: (a_lesson(HOSTILE, check),)})
    new = a_report(**{HOSTILE: (a_lesson(HOSTILE, replace(check, score=2.0)),)})
    told = diff(write(tmp_path / "old", old), write(tmp_path / "new", new))
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "[bold]" in told


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b'{"format_version": 1, "students": ' + b"[" * 100_000, "cannot be read"),
        (b'{"format_version": 2}', "its format is version 2, not 1"),
        (b'{"format_version": 1, "course": 3}', "cannot be read"),
        (None, "holds no results.json"),
    ],
)
def test_what_is_no_report_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    (tmp_path / "new").mkdir()
    if content is not None:
        (tmp_path / "new" / "results.json").write_bytes(content)
    assert complaint in diff(write(tmp_path / "old", OLD), tmp_path / "new", code=1)


def test_reports_of_two_courses_are_not_compared(tmp_path: Path) -> None:
    other = replace(OLD, course="other\x1b[31m")
    told = diff(write(tmp_path / "old", OLD), write(tmp_path / "new", other), code=1)
    assert "Name two gradings of the same course." in told
    assert "\x1b" not in told
