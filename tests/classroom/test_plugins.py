"""nbgrader's late penalties and exports with this project's plugins, by nbgrader's own commands."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from classroom_folder import Classroom, nbgrader_on_path
from imported_later import ImportedLater

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

plugins = ImportedLater("grader.classroom.plugins")

pytestmark = pytest.mark.classroom

DUE = "2026-11-20 17:00:00"
LATE = {
    "due": f"{DUE.replace(' ', 'T')}Z",
    "percent_per_day": 10,
    "grace_minutes": 30,
    "cap_percent": 25,
    "extensions": {"cleo": 2},
}
#: When they handed in, and which share of 8 points that costs.
STAMPS = {
    "ada": ("2026-11-20 17:20:00 UTC", 0.0),  # within the grace
    "ben": ("2026-11-22 05:00:00 UTC", 0.2),  # two days have begun
    "cleo": ("2026-11-22 05:00:00 UTC", 0.0),  # has an extension
    "dora": ("2027-01-01 00:00:00 UTC", 0.25),  # the cap
    "emil": (None, 0.0),  # nobody knows
}
NAMES = {
    "ada": ('=HYPERLINK("http://x","y")', 'Ada, "the first"', "ada@example.edu"),
    "ben": ("O'Brien; x", "+1+1\nsecond line", "@SUM(A1)"),
    "cleo": ("Ünal", "Cleo", "-2+3"),
}


@pytest.fixture(scope="module")
def classroom(released_classroom: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A class that was late, graded by `grader classroom autograde`."""
    folder = tmp_path_factory.mktemp("late")
    course = folder / "course"
    classroom = released_classroom.copy_to(folder / "room", course=course)
    settings = yaml.safe_load((course / "course.yaml").read_text("utf-8"))
    (course / "course.yaml").write_text(yaml.safe_dump(settings | {"late": LATE}), "utf-8")
    classroom.nbgrader("db", "assignment", "add", "tiny", f"--duedate={DUE} UTC")
    for student, (last, first, email) in NAMES.items():
        classroom.nbgrader(
            "db", "student", "add", student,
            f"--last-name={last}", f"--first-name={first}", f"--email={email}",
        )  # fmt: skip
    for student, (stamp, _) in STAMPS.items():
        handed_in = classroom.hand_in(student)
        if stamp:
            (handed_in / "timestamp.txt").write_text(stamp, "utf-8")
    classroom.grader("classroom", "autograde", "tiny")
    return classroom


def export(classroom: Classroom, kind: str, *options: str) -> list[dict[str, str]]:
    target = classroom.root / "table.csv"
    target.unlink(missing_ok=True)
    exporter = f"grader.classroom.plugins.{kind}"
    classroom.nbgrader("export", f"--exporter={exporter}", "--to", str(target), *options)
    assert b"\r\n" in target.read_bytes()
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def penalties(classroom: Classroom) -> dict[tuple[str, str], float]:
    rows = export(classroom, "LessonExport")
    return {(row["student_id"], row["lesson"]): float(row["late_penalty"]) for row in rows}


def test_lateness_costs_what_the_course_says(classroom: Classroom) -> None:
    wanted = {(name, "twice"): 7 * share for name, (_, share) in STAMPS.items()}
    wanted |= {(name, "four_times"): share for name, (_, share) in STAMPS.items()}
    assert penalties(classroom) == pytest.approx(wanted)


def test_nbgraders_own_command_takes_the_same(classroom: Classroom) -> None:
    before = penalties(classroom)
    classroom.nbgrader("autograde", "tiny", "--force")
    assert penalties(classroom) == before


def test_grader_grade_takes_the_same(classroom: Classroom, tmp_path: Path) -> None:
    out = tmp_path / "out"
    classroom.grader("--course", str(classroom.course), "grade", "submitted", "--out", str(out))
    results = json.loads((out / "results.json").read_text("utf-8"))
    ours = {
        (student["student"], lesson["lesson"]): lesson["score"]
        for student in results["students"]
        for lesson in student["lessons"]
    }
    rows = export(classroom, "LessonExport")
    assert ours == pytest.approx(
        {(it["student_id"], it["lesson"]): float(it["score"]) for it in rows}
    )


def test_the_exports_quote_what_needs_it_and_hold_no_formula(classroom: Classroom) -> None:
    for kind in ("LessonExport", "CheckExport"):
        rows = export(classroom, kind)
        for row in rows:
            assert None not in row
            for cell in row.values():
                assert not cell.startswith(("=", "+", "-", "@")), (kind, row)
        ada = next(row for row in rows if row["student_id"] == "ada")
        assert ada["last_name"] == '\'=HYPERLINK("http://x","y")'
        assert ada["first_name"] == 'Ada, "the first"'
        ben = next(row for row in rows if row["student_id"] == "ben")
        assert (ben["first_name"], ben["last_name"]) == ("'+1+1\nsecond line", "O'Brien; x")
        assert ben["email"] == "'@SUM(A1)"


def test_a_semicolon_splits_no_cell_where_it_is_the_separator(classroom: Classroom) -> None:
    export(classroom, "LessonExport")
    text = (classroom.root / "table.csv").read_text("utf-8")
    assert '"O\'Brien; x"' in text


def test_each_check_has_a_row_with_its_points(classroom: Classroom) -> None:
    rows = export(classroom, "CheckExport", "--student", '["ada"]')
    assert {row["student_id"] for row in rows} == {"ada"}
    assert {(row["lesson"], row["check"], row["status"], row["score"], row["max_score"])
            for row in rows} == {
        ("twice", "double(21) is 42.", "passed", "3.0", "3.0"),
        ("twice", "double(0) is 0.", "passed", "1.0", "1.0"),
        ("twice", "halve(42) is 21.", "passed", "2.0", "2.0"),
        ("twice", "halve(0) is 0.", "passed", "1.0", "1.0"),
        ("four_times", "quadruple(2) is 8.", "passed", "1.0", "1.0"),
    }  # fmt: skip


def test_an_assignment_can_be_chosen(classroom: Classroom) -> None:
    assert export(classroom, "LessonExport", "--assignment", '["other"]') == []
    assert len(export(classroom, "LessonExport", "--assignment", '["tiny"]')) == 2 * len(STAMPS)


def test_a_mark_that_is_given_after_autograding_is_counted_late(
    classroom: Classroom, tmp_path: Path
) -> None:
    late = classroom.copy_to(tmp_path / "room")
    grade_by_hand(late, "ben", 2.0)  # now 9 and 1 points, two days late at 10 % a day
    late.nbgrader("export", "--to", "grades.csv")
    (row,) = [it for it in table(late.root / "grades.csv") if it["student_id"] == "ben"]
    assert row["raw_score"] == "10.0"
    assert row["late_submission_penalty"] == "2.0"
    assert row["score"] == "8.0"
    assert row["timestamp"] == "2026-11-22 05:00:00"
    grade_by_hand(late, "ben", 1.3)
    late.nbgrader("generate_feedback", "tiny")
    page = (late.root / "feedback" / "ben" / "tiny" / "twice.html").read_text("utf-8")
    assert "6.64" in page  # of 8.3
    with gradebook_of(late) as gradebook:
        penalty = gradebook.find_submission("tiny", "ben").late_submission_penalty
        assert penalty == pytest.approx(0.2 * 9.3)
    grade_by_hand(late, "ben", 0.0)
    assert "0 graded, 5 graded before" in late.grader("classroom", "autograde", "tiny")
    with gradebook_of(late) as gradebook:
        assert gradebook.find_submission("tiny", "ben").late_submission_penalty == 0.2 * 8


def grade_by_hand(classroom: Classroom, student: str, points: float) -> None:
    with gradebook_of(classroom) as gradebook:
        gradebook.find_grade("written-why", "twice", "tiny", student).manual_score = points
        gradebook.db.commit()


@contextmanager
def gradebook_of(classroom: Classroom) -> Iterator[Gradebook]:
    from nbgrader.api import Gradebook  # noqa: PLC0415

    with nbgrader_on_path(), Gradebook(f"sqlite:///{classroom.root}/gradebook.db") as gradebook:
        yield gradebook


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_numbers_are_written_as_people_write_them() -> None:
    assert plugins.written(0.1 + 0.2) == 0.3
    assert plugins.written(10 - 1.0000000000000002) == 9.0
    assert plugins.written("=1") == "'=1"
