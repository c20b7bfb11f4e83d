"""`late:` of course.yaml: how many points it takes off, and from when."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import made_up_results
import pytest
from click.testing import CliRunner
from tiny_course import CourseWriter

from grader.cli import main
from grader.course import Course
from grader.errors import CourseError
from grader.results.late import Late, take_off_penalties
from grader.submissions.submission_times import (
    Stamp,
    SubmissionTimes,
    parse_time,
    read_stamp,
)

HOUR, DAY = 3_600, 86_400
LATE = Late(percent_per_day=10, grace_minutes=30, cap_percent=25, extensions={"ada": 2})


@pytest.mark.parametrize(
    ("seconds", "share"),
    [(-DAY, 0), (0, 0), (HOUR / 2, 0), (HOUR, 0.1), (DAY, 0.1), (DAY + 1, 0.2), (9 * DAY, 0.25)],
)
def test_each_day_that_has_begun_costs_up_to_the_cap(seconds: float, share: float) -> None:
    assert LATE.share("ben", seconds) == pytest.approx(share)


def test_what_was_not_handed_in_is_not_late() -> None:
    handed_in = made_up_results.student(
        "ben", made_up_results.lesson(made_up_results.passed("sum")), made_up_results.missing()
    )
    late = Late(percent_per_day=10, due=datetime(2026, 11, 20, tzinfo=UTC))
    (student,) = take_off_penalties(
        [handed_in], late, lambda *_: datetime(2026, 11, 21, tzinfo=UTC)
    )
    assert [result.late for result in student.lessons] == [0.1, 0.0]
    assert student.lessons[1] == made_up_results.missing()


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
        "2026-11-20 12:00:00 EST",
        "2026-11-20 18:00:00.123 CET",
        "2026-11-20 09:00:00 PST",
        "2026-11-20 18:00:00 Europe/Berlin",
    ],
)
def test_nbgraders_stamps_are_read(text: str) -> None:
    assert parse_time(text) == datetime(2026, 11, 20, 17, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-40 17:00:00 UTC", "\0" * 50, "9" * 100])
def test_what_is_no_stamp_is_none(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize("zone", ["CST", "IST", "BST", "XYZ", "Nowhere/Town"])
def test_a_zone_that_nobody_knows_for_certain_is_told_and_costs_nothing(
    course: Path, tmp_path: Path, zone: str
) -> None:
    stamp = f"2027-11-20 17:00:00 {zone}"
    assert read_stamp(stamp) == Stamp(unknown_zone=zone)
    if zone == "CST":
        folder = put(tmp_path / "c/ada", {"double.py": RIGHT, "timestamp.txt": stamp}).parent
        said = command(course, "grade", folder, "--out", tmp_path / "out")
        assert "ada: the time of submission is in a zone that is not known (`CST`)" in said
        assert scores(tmp_path / "out") == {"ada": 4}


def test_a_time_without_a_zone_is_unknown_where_the_zone_must_be_named() -> None:
    assert parse_time("2026-11-20 17:00:00", zoned=True) is None
    assert parse_time("2026-11-20 17:00:00 UTC", zoned=True) == parse_time("2026-11-20 17:00:00")


def test_a_stamp_that_is_a_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("2026-11-20 17:00:00 UTC", "utf-8")
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "timestamp.txt").symlink_to(tmp_path / "elsewhere")
    assert SubmissionTimes(tmp_path)("ada", "double") is None


@pytest.mark.parametrize(
    ("late", "words"),
    [
        ({"percent_per_day": -1}, "late.percent_per_day"),
        ({"percent_per_day": 10, "cap_percent": 120}, "late.cap_percent"),
        ({"percent_per_day": 10, "grace_minutes": -5}, "late.grace_minutes"),
        ({"percent_per_day": 10, "extensions": {"ada": -1}}, "late.extensions.ada"),
        ({"percent_per_day": 10, "due": datetime(2026, 11, 20)}, "late.due: needs its time zone"),
        (
            {"percent_per_day": 10, "due": date(2026, 12, 1)},
            "late.due: must be a time with its zone, such as 2026-12-01T23:59:00Z; is 2026-12-01$",
        ),
        (
            {"percent_per_day": 10, "due": "2026-12-01T23:59"},
            "late.due: must be a time with its zone, such as .*; is 2026-12-01T23:59$",
        ),
        ({"per_day": 10}, "late"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(
    tiny_course: CourseWriter, late: dict[str, object], words: str
) -> None:
    with pytest.raises(CourseError, match=words):
        Course.load(tiny_course(late=late))


@pytest.mark.slow
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
    lessons = {student["student"]: student["lessons"][0] for student in results["students"]}
    assert {name: result["score"] for name, result in lessons.items()} == {
        "ada": 4, "ben": pytest.approx(3.2), "cleo": 4, "dora": 4
    }  # fmt: skip
    assert lessons["ben"]["message"] == "handed in 2 days late: 20% less"
    assert lessons["ben"]["late"] == pytest.approx(0.2)
    assert "3.2" in (out / "grades.csv").read_text("utf-8")


# ---- times from `grader collect`, and a single student

RIGHT = "def double(x):\n    return 2 * x\n"
POLICY = {"due": datetime(2026, 11, 20, 17, tzinfo=UTC), "percent_per_day": 10}


@pytest.fixture
def course(tiny_course: CourseWriter) -> Path:
    return tiny_course(lessons=[{"id": "double", "points": 4}], late=POLICY)


def command(course: Path, *arguments: str | Path) -> str:
    result = CliRunner().invoke(main, ["--course", str(course), *map(str, arguments)])
    assert result.exit_code == 0, result.output
    assert "Traceback" not in result.output
    return result.output


def put(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def scores(out: Path) -> dict[str, float]:
    results = json.loads((out / "results.json").read_text("utf-8"))
    return {student["student"]: student["score"] for student in results["students"]}


@pytest.mark.slow
def test_the_times_of_a_collected_download_count(course: Path, tmp_path: Path) -> None:
    times = {"101": "2026-11-21 16:00:00 Z", "102": "2026-11-20 16:00:00 Z"}
    metadata = "".join(
        f"submission_{id_}:\n  :submitters:\n  - :name: P{id_}\n    :sid: '{id_}'\n"
        f"  :created_at: {when}\n"
        for id_, when in times.items()
    )
    download = put(
        tmp_path / "export",
        {"submission_metadata.yml": metadata}
        | {f"submission_{id_}/double.py": RIGHT for id_ in times},
    )
    collected = tmp_path / "class"
    due = ("--due", "2026-11-20T17:00Z")
    command(course, "collect", download, "--from", "gradescope", "--out", collected, *due)
    # A list in a student's own folder does not count.
    put(collected, {"P101-101/timestamp.txt": "2026-11-01 00:00:00 UTC"})
    said = command(course, "grade", collected, "--out", tmp_path / "out")
    assert "came late" not in said  # what it cost says that
    assert scores(tmp_path / "out") == {"P101-101": pytest.approx(3.6), "P102-102": 4}
    command(course, "grade", collected / "P101-101", "--out", tmp_path / "alone")
    assert scores(tmp_path / "alone") == {"P101-101": pytest.approx(3.6)}


@pytest.mark.slow
def test_work_that_only_the_platform_calls_late_is_reported_and_loses_nothing(
    course: Path, tmp_path: Path
) -> None:
    download = put(
        tmp_path / "submissions",
        {"doejane_LATE_12_7_double.py": RIGHT, "roejohn_99_8_double.py": RIGHT},
    )
    collected = tmp_path / "class"
    command(course, "collect", download, "--from", "canvas", "--out", collected)
    said = command(course, "grade", collected, "--out", tmp_path / "out")
    assert set(scores(tmp_path / "out").values()) == {4}
    assert "doejane-12: double came late, and nothing says when: nothing was taken off" in said
    assert "roejohn" not in said.partition("Note:")[2].partition("\n")[0]


@pytest.mark.slow
@pytest.mark.parametrize("inner", ["", "assignment/"])
def test_a_single_students_folder_is_late_as_well(course: Path, tmp_path: Path, inner: str) -> None:
    stamp = {f"{inner}timestamp.txt": "2026-11-21 16:00:00 UTC", "double.py": RIGHT}
    stamp["another/timestamp.txt"] = "2026-11-01 16:00:00 UTC"  # the latest counts
    put(tmp_path / "ada", stamp)
    command(course, "grade", tmp_path / "ada", "--out", tmp_path / "out")
    assert scores(tmp_path / "out") == {"ada": pytest.approx(3.6)}


@pytest.mark.slow
@pytest.mark.parametrize("inner", ["", "zoe/"])
def test_a_zip_is_late_as_a_folder_is(course: Path, tmp_path: Path, inner: str) -> None:
    (tmp_path / "class").mkdir()
    with zipfile.ZipFile(tmp_path / "class" / "zoe.zip", "w") as archive:
        archive.writestr(f"{inner}double.py", RIGHT)
        archive.writestr(f"{inner}timestamp.txt", "2026-11-21 16:00:00 UTC")
    for submissions, out in (("class", "out"), ("class/zoe.zip", "alone")):
        said = command(course, "grade", tmp_path / submissions, "--out", tmp_path / out)
        assert scores(tmp_path / out) == {"zoe": pytest.approx(3.6)}
        assert "no time of submission" not in said


@pytest.mark.slow
@pytest.mark.parametrize("text", [b"2026-11-21 16:00:00 UTC" + b" " * 10**6, b"soon"])
def test_a_stamp_in_a_zip_that_is_none_costs_nothing_and_is_reported(
    course: Path, tmp_path: Path, text: bytes
) -> None:
    folder = put(tmp_path / "class", {"ada/double.py": RIGHT, "ben/notes.txt": "not yet"})
    put(folder, {"ada/timestamp.txt": "2026-11-20 16:00:00 UTC", "eve.zip": "no zip"})
    with zipfile.ZipFile(folder / "zoe.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("double.py", RIGHT)
        archive.writestr("timestamp.txt", text)
    said = command(course, "grade", folder, "--out", tmp_path / "out")
    assert scores(tmp_path / "out")["zoe"] == 4
    words = "2 students have no time of submission: nothing was taken off (eve, zoe)"
    assert words in " ".join(said.split())


def test_a_damaged_list_of_times_is_reported_before_anything_is_graded(
    course: Path, tmp_path: Path
) -> None:
    put(tmp_path / "class", {"ada/double.py": RIGHT, "collected.json": "{"})
    arguments = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(main, ["--course", str(course), *arguments])
    assert result.exit_code == 1
    assert "is damaged" in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_students_own_list_of_times_is_not_read(course: Path, tmp_path: Path) -> None:
    lesson = {"file": "double.py", "original": "", "sha256": "", "submitted": "2026-11-01T00:00Z"}
    own = json.dumps({"students": {"ada": {"name": "ada", "lessons": {"double": lesson}}}})
    stamp = "2026-11-21 16:00:00 UTC"
    put(tmp_path / "class" / "ada", {"collected.json": own, "double.py": RIGHT,
                                     "timestamp.txt": stamp})  # fmt: skip
    command(course, "grade", tmp_path / "class", "--out", tmp_path / "out")
    command(course, "grade", tmp_path / "class" / "ada", "--out", tmp_path / "alone")
    assert scores(tmp_path / "out") == scores(tmp_path / "alone") == {"ada": pytest.approx(3.6)}
