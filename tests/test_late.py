"""`late:` of course.yaml: what it takes, from whom, and from when on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import CourseWriter

from grader.cli import main
from grader.course import Course
from grader.errors import CourseError
from grader.late import Late
from grader.timestamps import handed_in, parse

HOUR, DAY = 3_600, 86_400
LATE = Late(percent_per_day=10, grace_minutes=30, cap_percent=25, extensions={"ada": 2})


@pytest.mark.parametrize(
    ("seconds", "share"),
    [(-DAY, 0), (0, 0), (HOUR / 2, 0), (HOUR, 0.1), (DAY, 0.1), (DAY + 1, 0.2), (9 * DAY, 0.25)],
)
def test_each_day_that_has_begun_costs_up_to_the_cap(seconds: float, share: float) -> None:
    assert LATE.share("ben", seconds) == pytest.approx(share)


def test_an_extension_moves_the_due_date_of_one_student() -> None:
    assert LATE.share("ada", 2 * DAY) == 0
    assert LATE.share("ada", 2 * DAY + HOUR) == pytest.approx(0.1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20 17:00:00 UTC",
        "2026-11-20 17:00:00.000000 UTC\n",
        "2026-11-20 18:00:00 +0100",
        "2026-11-20T17:00:00Z",
        "2026-11-20 17:00:00",
    ],
)
def test_nbgraders_stamps_are_read(text: str) -> None:
    assert parse(text) == datetime(2026, 11, 20, 17, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-40 17:00:00 UTC", "\0" * 50, "9" * 100])
def test_what_is_no_stamp_is_none(text: str) -> None:
    assert parse(text) is None


def test_a_stamp_that_is_a_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("2026-11-20 17:00:00 UTC", "utf-8")
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "timestamp.txt").symlink_to(tmp_path / "elsewhere")
    assert handed_in(tmp_path, "ada") is None


@pytest.mark.parametrize(
    ("late", "words"),
    [
        ({"percent_per_day": -1}, "late.percent_per_day"),
        ({"percent_per_day": 10, "cap_percent": 120}, "late.cap_percent"),
        ({"percent_per_day": 10, "grace_minutes": -5}, "late.grace_minutes"),
        ({"percent_per_day": 10, "extensions": {"ada": -1}}, "late.extensions.ada"),
        ({"percent_per_day": 10, "due": datetime(2026, 11, 20)}, "late.due: needs its time zone"),
        ({"per_day": 10}, "late"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(
    tiny_course: CourseWriter, late: dict[str, object], words: str
) -> None:
    with pytest.raises(CourseError, match=words):
        Course.load(tiny_course(late=late))


def test_grader_grade_takes_off_what_is_late_and_says_so(
    tiny_course: CourseWriter, tmp_path: Path
) -> None:
    due = datetime(2026, 11, 20, 17, tzinfo=UTC)
    policy = {"due": due, "percent_per_day": 10, "extensions": {"cleo": 3}}
    course = tiny_course(lessons=[{"id": "double", "points": 4}], late=policy)
    stamps = {
        "ada": "2026-11-20 16:59:59 UTC",
        "ben": "2026-11-22 16:00:00 UTC",
        "cleo": "2026-11-22 16:00:00 UTC",
        "dora": None,
    }
    for student, stamp in stamps.items():
        folder = tmp_path / "class" / student / "assignment"
        folder.mkdir(parents=True)
        (folder / "double.py").write_text("def double(x):\n    return 2 * x\n", "utf-8")
        if stamp:
            (folder / "timestamp.txt").write_text(stamp, "utf-8")
    out = tmp_path / "out"
    command = ["--course", str(course), "grade", str(tmp_path / "class"), "--out", str(out)]
    assert CliRunner().invoke(main, command).exit_code == 0
    results = json.loads((out / "results.json").read_text("utf-8"))
    lessons = {it["student"]: it["lessons"][0] for it in results["students"]}
    assert {name: it["score"] for name, it in lessons.items()} == {
        "ada": 4, "ben": pytest.approx(3.2), "cleo": 4, "dora": 4
    }  # fmt: skip
    assert lessons["ben"]["message"] == "handed in 2 days late: 20% less"
    assert lessons["ben"]["late"] == pytest.approx(0.2)
    assert "3.2" in (out / "grades.csv").read_text("utf-8")
