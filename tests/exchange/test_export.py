"""`grader export`: the formats of other systems, compared with their documentation."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import pytest
from exporter import HOSTILE, Exporter, rows, student
from gradescope_results import assert_gradescope

from grader.reports import junit
from grader.reports.markdown import escape_markdown
from grader.results import LessonResult, LessonStatus, Report, StudentResult
from grader.submissions.collected_file import Collected, CollectedStudent, save_collected

if TYPE_CHECKING:
    from tiny_course import CourseWriter


@pytest.fixture
def export(tiny_course: CourseWriter) -> Exporter:
    exporter = Exporter(tiny_course(lessons=["double", "threefold"]))
    exporter.results(student("jdoe", 2.5), student("jroe", 3.0))
    return exporter


# Canvas

GRADEBOOK: Final = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Homework (77),Essay (78),Final Score\r\n"
    "    Points Possible,,,,,10.00,5.00,(read only)\r\n"
    '"Doe, Jane",12,S12,jdoe,A,,4.00,80.00\r\n"Roe, John",13,S13,jroe@x.edu,A,1.00,,\r\n'
    '"Kim, Lee",14,S14,lkim,A,9.00,,\r\n"Student, Test",15,,,A,,,\r\n'
)


def test_a_canvas_gradebook_comes_back_with_one_column_changed(export: Exporter) -> None:
    result = export.run("canvas", "--assignment", "Homework (77)", template=GRADEBOOK)
    assert result.exit_code == 0, result.output
    wanted = rows(GRADEBOOK)
    wanted[2][5], wanted[3][5] = "2.5", "3"
    assert rows(result.stdout) == wanted
    assert "2 marks filled in" in result.stderr


def test_a_unique_part_of_an_assignments_name_is_enough(export: Exporter) -> None:
    result = export.run("canvas", "--assignment", "78", "--lesson", "double", template=GRADEBOOK)
    assert rows(result.stdout)[2][6] == "2.5"
    assert "the gradebook's maximum is 5, and ours is 7" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "which assignment? Name it with --assignment. There are: Homework (77), Essay (78)"),
        (["--assignment", "Quiz"], "no assignment is called Quiz"),
        (["--assignment", "Final Score"], "no assignment is called Final Score"),
        (["--assignment", "7"], "several assignments are called 7"),
    ],
)
def test_a_wrong_column_is_reported(export: Exporter, arguments: list[str], told: str) -> None:
    result = export.run("canvas", *arguments, template=GRADEBOOK)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr


def test_an_unknown_lesson_is_wrong_usage(export: Exporter) -> None:
    result = export.run("csv", "--lesson", "dubble")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean `double`? Known lessons: double, threefold" in result.stderr
    assert "course.yaml" not in result.stderr


@pytest.mark.parametrize(
    "line", ["csv", "csv --checks", "json", "markdown", "junit", "gradescope --out {out}"]
)
def test_one_lesson_is_exported_alone_in_every_format(
    export: Exporter, tmp_path: Path, line: str
) -> None:
    out = tmp_path / "out"
    result = export.run(*line.format(out=out).split(), "--lesson", "double")
    assert result.exit_code == 0, result.output
    text = result.stdout + "".join(path.read_text("utf-8") for path in out.glob("*"))
    assert "double" in text
    assert "threefold" not in text


def test_the_total_of_one_lesson_is_its_points(export: Exporter) -> None:
    result = export.run("csv", "--lesson", "2")
    assert rows(result.stdout)[:2] == [
        ["student", "threefold", "total", "max_total"],
        ["jdoe", "0", "0", "3"],
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("json --checks", "--checks goes with --to csv alone"),
        ("moodle --assignment 77", "--assignment goes with --to canvas alone"),
        ("csv --template {course}/course.yaml", "--template goes with --to canvas or moodle alone"),
        ("csv --submissions {course}", "--submissions goes with --to canvas or moodle alone"),
    ],
)
def test_an_option_of_another_format_is_wrong_usage(export: Exporter, line: str, told: str) -> None:
    result = export.run(*line.format(course=export.course).split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_a_lesson_that_is_newer_than_the_results_is_reported(
    export: Exporter, tiny_course: CourseWriter
) -> None:
    tiny_course(lessons=["double", "threefold", "fourfold"])
    result = export.run("canvas", "--assignment", "77", "--lesson", "fourfold", template=GRADEBOOK)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the results hold nothing of fourfold; grade again" in result.stderr


def test_a_student_without_a_row_is_listed(export: Exporter) -> None:
    export.results(student("jdoe", 2.0), student("nobody", 1.0))
    result = export.run("canvas", "--assignment", "77", template=GRADEBOOK)
    assert result.exit_code == 1
    assert rows(result.stdout)[2][5] == "2"
    assert result.stderr.endswith("these by hand:\nnobody\n")


def test_what_was_collected_from_canvas_finds_its_row(export: Exporter) -> None:
    export.results(student("doejane-12", 2.0), student("x", 1.0))
    collected = Collected(students={"x": CollectedStudent("roejohn", ["13"])})
    submissions = export.course.parent / "submissions"
    submissions.mkdir()
    save_collected(submissions, collected)
    result = export.run(
        "canvas", "--assignment", "77", "--submissions", str(submissions), template=GRADEBOOK
    )
    assert result.exit_code == 0, result.output
    assert [row[5] for row in rows(result.stdout)[2:4]] == ["2", "1"]


def test_two_matches_of_one_row_are_left_to_a_person(export: Exporter) -> None:
    export.results(student("jdoe", 2.0), student("S12", 1.0))
    result = export.run("canvas", "--assignment", "77", template=GRADEBOOK)
    assert result.exit_code == 1
    assert rows(result.stdout)[2][5] == ""
    assert "jdoe, S12: all could be Doe, Jane; none counts" in result.stderr


def test_without_a_row_of_maxima_no_total_is_taken_for_an_assignment(export: Exporter) -> None:
    template = "Student,ID,Homework (77),Current Score,Final Score\r\nJane,jdoe\r\nJohn,jroe,1\r\n"
    result = export.run("canvas", template=template)
    assert result.exit_code == 0, result.output
    assert rows(result.stdout)[1:] == [["Jane", "jdoe", "2.5"], ["John", "jroe", "3"]]


def test_a_gradebook_with_semicolons_and_decimal_commas_keeps_them(export: Exporter) -> None:
    template = "\ufeffStudent;ID;Homework (77)\r\nPoints Possible;;10,00\r\nDoe, Jane;jdoe;\r\n"
    export.results(student("jdoe", 2.5))
    upload = export.course.parent / "upload.csv"
    result = export.run("canvas", "--out", str(upload), template=template)
    assert result.exit_code == 0, result.output
    assert upload.read_bytes().decode() == template.replace("jdoe;", "jdoe;2,5")


# Moodle

WORKSHEET: Final = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    '"Participant 4","Jane Doe",jdoe@x.edu,"Submitted for grading",,10.00,Yes,-,-,"<p>,</p>"\n'
    '"Participant 5","John Roe",jroe@x.edu,"Submitted for grading",1.00,10.00,No,-,-,\n'
    '"Participant 6","Lee Kim",lkim@x.edu\n'
)


def test_a_moodle_worksheet_comes_back_with_its_grades(export: Exporter) -> None:
    export.results(student("jdoe", 2.5), student("jroe", 3.0), student("lkim", 1.5))
    result = export.run("moodle", template=WORKSHEET)
    assert result.exit_code == 0, result.output
    wanted = rows(WORKSHEET)
    wanted[1][4] = "2.5"
    wanted[3] += ["", "1.5"]  # a row that somebody cut short
    assert rows(result.stdout) == wanted
    assert "jroe: the grade cannot be changed there" in result.stderr


@pytest.mark.parametrize("target", ["canvas", "moodle"])
@pytest.mark.parametrize("template", ["a,b\n1,2\n", "", "\x00\x01", '"open'])
def test_a_file_that_is_no_template_is_reported(
    export: Exporter, target: str, template: str
) -> None:
    result = export.run(target, template=template)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.output


@pytest.mark.parametrize("target", ["canvas", "moodle"])
def test_a_gradebook_without_a_template_says_where_to_get_one(
    export: Exporter, target: str
) -> None:
    result = export.run(target)
    assert result.exit_code == 2
    assert "needs --template" in result.stderr


# Gradescope


def test_gradescope_gets_a_file_for_each_student(export: Exporter, tmp_path: Path) -> None:
    export.results(student("../ada", 2.5, HOSTILE), student("Ada", 1.0), student("ada", 1.0))
    result = export.run("gradescope", "--out", str(tmp_path / "gs"))
    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in (tmp_path / "gs").iterdir())
    assert len({name.casefold() for name in names}) == 3  # some systems tell no more apart
    assert "Ada.json" in names
    (name,) = [
        name
        for name in names
        if name.startswith("ada-") and "2.5" in (tmp_path / "gs" / name).read_text("utf-8")
    ]
    document = json.loads((tmp_path / "gs" / name).read_text("utf-8"))
    assert_gradescope(document)
    assert document["score"] == 2.5
    assert [test.get("status") for test in document["tests"]] == [
        "passed", "failed", "failed", None, "failed",
    ]  # fmt: skip
    assert sum(test["max_score"] for test in document["tests"]) == 10.0
    assert document["tests"][1]["output"] == f"{HOSTILE}\n\nHint: Look."


@pytest.mark.parametrize("policy", ["brief", "marks"])
def test_gradescope_shows_no_more_than_students_are_shown(
    export: Exporter, tmp_path: Path, policy: str
) -> None:
    with (export.course / "course.yaml").open("a", encoding="utf-8") as file:
        file.write(f"feedback: {policy}\n")
    export.results(student("ada", 2.5, "SECRET"))
    export.run("gradescope", "--out", str(tmp_path / "gs"))
    text = (tmp_path / "gs/ada.json").read_text("utf-8")
    assert_gradescope(json.loads(text))
    assert "SECRET" not in text
    assert "Look." not in text
    assert ("It is two." in text) == (policy == "brief")
    assert sum(test["score"] for test in json.loads(text)["tests"]) == 2.5


# JUnit, Markdown, CSV, JSON


def test_junit_counts_its_cases(export: Exporter) -> None:
    export.results(student(HOSTILE, 2.5, HOSTILE), student("ada", 1.0))
    top = ET.fromstring(export.run("junit").stdout.partition("\n")[2])
    assert top.tag == "testsuites"
    assert {key: top.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "10", "failures": "2", "errors": "2", "skipped": "4",
    }  # fmt: skip
    for suite in top:
        cases = suite.findall("testcase")
        assert suite.get("name")
        assert suite.get("tests") == str(len(cases))
        assert suite.get("timestamp") == "2026-11-20T17:00:00"
        assert all({"name", "classname", "time"} <= set(case.keys()) for case in cases)
        assert all(len(case) <= 1 for case in cases)
    failure = top.find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("type") == "squared"
    assert failure.text == HOSTILE.replace("\x00", "\ufffd").replace("\x1b", "\ufffd")


def test_junit_is_xml_whatever_the_ids_are_and_gives_points_in_full() -> None:
    lesson = LessonResult("a\x00", LessonStatus.MISSING, 1234567.25, 2345678.0)
    report = Report("b\x00", "c\x00", "d\x00", (StudentResult("ada", (lesson,)),))
    top = ET.fromstring(junit.render(report).partition("\n")[2])
    values = {element.get("name"): element.get("value") for element in top.iter("property")}
    assert values == {"score": "1234567.25", "max_score": "2345678", "isolation": "d\ufffd"}


def test_markdown_shows_hostile_names_as_they_are(export: Exporter) -> None:
    export.results(student(HOSTILE + "[a](http://x)", 2.5))
    text = export.run("markdown").stdout
    line = next(line for line in text.splitlines() if "script" in line)
    unescaped = line.replace("\\|", "")
    assert unescaped.count("|") == 5
    assert "<script" not in text
    assert "](http" not in text
    assert line.endswith("| 2.5? | missing | 2.5 / 10 |")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("*a*|b", r"\*a\*\|b"),
        ("<b> &amp;", "&lt;b&gt; &amp;amp;"),
        ("a\\b", r"a\\b"),
        ("\\>", r"\\&gt;"),
    ],
)
def test_markdown_syntax_is_escaped_once(text: str, written: str) -> None:
    assert escape_markdown(text) == written


def test_a_row_for_each_check_has_every_check_and_no_formula(export: Exporter) -> None:
    ada = student("=1+1", 2.5)
    (first, *others), (double, threefold) = ada.lessons[0].checks, ada.lessons
    checks = (replace(first, title="=2+2"), *others)
    export.results(replace(ada, lessons=(replace(double, checks=checks), threefold)))
    table = rows(export.run("csv", "--checks").stdout)
    assert table[0][:3] == ["student", "lesson", "check"]
    assert [row[2] for row in table[1:]] == ["test_one", "test_two", "test_three", "why", ""]
    assert {row[0] for row in table[1:]} == {"'=1+1"}
    assert table[1][3] == "'=2+2"
    assert sum(float(row[5]) for row in table[1:]) == 2.5


def test_csv_and_json_are_what_grade_writes(export: Exporter) -> None:
    assert rows(export.run("csv").stdout)[1] == ["jdoe", "2.5", "0", "2.5", "10"]
    assert export.run("json").stdout == (export.folder / "results.json").read_text("utf-8")


def test_a_folder_without_results_is_reported(export: Exporter) -> None:
    (export.folder / "results.json").write_text("{}", encoding="utf-8")
    assert "cannot be read" in export.run("csv").stderr
    (export.folder / "results.json").unlink()
    result = export.run("csv")
    assert result.exit_code == 1
    assert "holds no results.json. Name the folder that `grader grade` wrote to" in result.stderr
