"""``grader report``: the class in one screen, and the students behind a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from made_up_results import (
    HOSTILE,
    failed,
    hostile_class,
    lesson,
    missing,
    passed,
    pending,
    report,
    student,
    unreadable,
    with_mistake,
)  # fmt: skip

from grader.cli import main
from grader.reports import json
from grader.results import Report, Status

Show = Callable[..., Result]


def the_class() -> Report:
    others = replace(with_mistake("sum"), check="test_total")
    return report(
        student("ada", lesson(passed("sum")), lesson(passed("sum"), name="more")),
        student("ben", lesson(with_mistake("sum")), lesson(with_mistake("sum"), name="more")),
        student("cleo", lesson(with_mistake("sum")), lesson(failed("sum"), name="more")),
        student("dan", missing(), missing("more")),
        student("eve", unreadable("not a file"), lesson(others, pending(), name="more")),
        student(
            "finn",
            lesson(failed("sum", Status.GRADER_ERROR)),
            lesson(failed("sum", Status.UNDECIDED), name="more"),
        ),
    )


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """Run the command on a report; ``show(report, "--student", "ada")``."""

    def run(results: Report, *words: str, code: int = 0, width: int = 100) -> Result:
        (tmp_path / "results.json").write_text("".join(json.render(results)), "utf-8")
        environment = {"COLUMNS": str(width)}
        result = CliRunner().invoke(main, ["report", str(tmp_path), *words], env=environment)
        assert result.exit_code == code, result.output
        return result

    return run


def test_one_screen_tells_marks_what_to_teach_again_and_what_to_do(show: Show) -> None:
    output = show(the_class()).output
    for words in ("6 students", "mean", "median", "share: a sum down the columns", "2 of 4",
                  "wrong-axis: ben, cleo", "Failed without a known mistake",
                  "unreadable files: eve", "nothing handed in: dan", "to mark: 1 written answer",
                  "broken on our side: share: test_sum",
                  "undecided, they count 0 until you decide: finn"):  # fmt: skip
        assert words in output
    assert len(output.splitlines()) <= 24


def test_marks_by_follow_through_are_told_with_the_students(show: Show) -> None:
    followed = replace(passed("sum"), follow_through=True)
    class_ = report(student("gil", lesson(followed, name="half")), student("hal", lesson()))
    assert "Follow-through\n     points that it gave: 1 (gil)" in show(class_).output


@pytest.mark.parametrize("width", [30, 48, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(show: Show, width: int) -> None:
    lines = show(the_class(), width=width).output.splitlines()
    assert max(map(len, lines)) <= width
    assert any("share" in line for line in lines)


@pytest.mark.parametrize(("width", "shown"), [(60, False), (80, True)])
def test_a_narrow_terminal_gets_fewer_columns(show: Show, width: int, shown: bool) -> None:
    (head,) = (line for line in show(the_class(), width=width).output.splitlines()
               if line.lstrip().startswith("lesson "))  # fmt: skip
    assert "missing" in head
    assert ("unreadable" in head) == ("full" in head) == shown


def test_long_lists_are_cut_and_say_so(show: Show) -> None:
    mistakes = [replace(with_mistake(f"thing{n}"), misconception=f"mistake-{n}") for n in range(7)]
    output = show(report(*(student(f"s{n}", lesson(*mistakes)) for n in range(9)))).output
    assert "mistake-0: s0, s1, s2, s3, s4, s5 and 3 more" in " ".join(output.split())
    assert "mistake-5" not in output
    assert "and 2 more: see report.html" in output


def test_nothing_is_coloured_in_a_pipe(show: Show) -> None:
    assert "\x1b" not in show(the_class()).output


def test_a_student_is_shown_as_text(show: Show) -> None:
    output = show(the_class(), "--student", "ben").output
    assert "ben: 0 of 2 points" in output
    assert "✗ share: The sum is right." in output


def test_a_misconception_lists_who_holds_it(show: Show) -> None:
    output = show(the_class(), "--misconception", "share:wrong-axis").output
    assert "2 of 4 who handed in" in output
    assert output.endswith("  ben\n  cleo\n")
    assert "Which way do you add up?" in output


def test_a_check_lists_who_did_not_pass_it_and_how(show: Show) -> None:
    output = show(the_class(), "--check", "more:test_sum").output
    assert "tried by 3, difficulty p = 0.33" in output
    assert "failed: 1\n  cleo\n" in output
    assert "ada" not in output
    assert "failed, looks like a sum down the columns: 1\n  ben\n" in output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--student", "bem"], "Did you mean `ben`"),
        (["--student", "\x1b[31m"], r"`\x1b[31m`"),
        (["--check", "test_sun"], "Did you mean `test_sum`"),
        (["--check", "test_sum"], "is in several lessons: say `share:test_sum` or `more:test_sum`"),
        (["--misconception", "wrong-axes"], "Did you mean `wrong-axis`"),
        (["--misconception", "x"], "nobody holds a misconception called `x`."),
    ],
)
def test_what_is_not_there_is_said_with_what_may_be_meant(
    show: Show, words: list[str], said: str
) -> None:
    assert said in show(the_class(), *words, code=1).output


def test_one_question_at_a_time(show: Show) -> None:
    show(the_class(), "--student", "ada", "--check", "test_sum", code=2)


def test_an_empty_class_is_shown_too(show: Show) -> None:
    assert "0 students" in show(report()).output


def test_hostile_names_and_texts_disturb_no_terminal(show: Show) -> None:
    results = hostile_class()
    shown = [show(results).output, show(results, "--check", "test_shape").output]
    shown += [show(results, "--misconception", "wrong-axis").output]
    shown += [show(results, "--student", name).output for name in HOSTILE if name != ""]
    for output in shown:
        assert output.replace("\n", "").isprintable()


def test_a_folder_without_results_is_refused_in_a_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["report", str(tmp_path)])
    assert result.exit_code == 1
    assert "holds no results.json" in result.output


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format_version": 99}', "\x00", "null"])
def test_results_that_are_none_are_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "results.json").write_text(text)
    result = CliRunner().invoke(main, ["report", str(tmp_path)])
    assert result.exit_code == 1
    assert "cannot be read" in result.output
    assert isinstance(result.exception, SystemExit)


def test_pages_are_written_anew(show: Show, tmp_path: Path, tiny_course: Any) -> None:
    course = tiny_course(lessons=["share", "more"])
    (tmp_path / "results.json").write_text("".join(json.render(the_class())), "utf-8")
    words = ["--course", str(course), "report", str(tmp_path), "--pages"]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "report.html").is_file()
    assert len(list((tmp_path / "feedback").iterdir())) == 6
