"""Programs: what is typed, what is printed, command lines and files."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_lesson_class import LIMITS, message_of, statuses_of
from tiny_course import write_course

from grader.course import Course
from grader.grading import grading_process
from grader.results import LessonResult
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

SOLUTION = """
import sys
from pathlib import Path

ASKED = []


def greet():
    name = input("Who? ")
    print("Hello", name)
    print("greeted", file=sys.stderr)
    return len(name)


def add():
    return int(input()) + int(input())


class Clerk:
    def ask(self):
        ASKED.append(input())
        print(len(ASKED))


def leave(code):
    print("bye")
    sys.exit(code)


def main(words):
    if words[:1] == ["--fail"]:
        sys.exit("no such option")
    lines = [line.strip() for line in sys.stdin]
    print("read", len(lines))
    if Path("in.txt").exists():
        with open("in.txt", encoding="utf-8") as file:
            numbers = [int(line) for line in file]
        Path("sum.txt").write_text(f"{sum(numbers)}\\n")
        with open("log.txt", "a") as log:
            print(open("factor.txt").read(), *words, file=log)
        open("raw.bin", "wb").write(bytes([255, 0]))


if __name__ == "__main__":
    main(sys.argv[1:])
"""
CHECKS = """
import contextlib
import io
import sys
from unittest import mock

import pytest

from lesson import Clerk, add, greet, leave


def test_output(student):
    call = student.call("greet", stdin="Ada\\n")
    assert (call.value, call.output) == (3, "Who? Hello Ada\\n")


def test_capsys(monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", lambda prompt: "Ada")
    assert greet() == 3
    out, err = capsys.readouterr()
    assert (out, err) == ("Hello Ada\\n", "greeted\\n")
    assert capsys.readouterr().out == ""


def test_answers_one_by_one(monkeypatch):
    answers = iter(["1", "2"])
    monkeypatch.setattr("builtins.input", lambda *_: next(answers))
    assert add() == 3


def test_stdin(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("1\\n2\\n3\\n4\\n"))
    assert add() == 3
    assert add() == 7


@mock.patch("builtins.input", side_effect=["5", "6"])
def test_mock(asked):
    assert add() == 11
    assert asked.call_count == 2


def test_redirected():
    with contextlib.redirect_stdout(io.StringIO()) as out, mock.patch("builtins.input") as asked:
        asked.return_value = "x"
        clerk = Clerk()
        clerk.ask()
        clerk.ask()
    assert out.getvalue() == "1\\n2\\n"


def test_exit(capsys):
    with pytest.raises(SystemExit) as ended:
        leave(3)
    assert ended.value.code == 3
    assert capsys.readouterr().out == "bye\\n"


def test_run(student):
    run = student.run(stdin="a\\nb\\n", args=["x"], files={"in.txt": "1\\n2\\n", "log.txt": "0\\n"})
    assert (run.stdout, run.stderr, run.exit_code) == ("read 2\\n", "", 0)
    assert run.files == {"sum.txt": "3\\n", "log.txt": "0\\n7 x\\n", "raw.bin": b"\\xff\\x00"}
    assert student.run().files == {}, "nothing is left of another run"


def test_exit_code(student):
    run = student.run(args=["--fail"])
    assert (run.exit_code, run.stderr, run.stdout) == (1, "no such option\\n", "")


def test_still_quiet():
    with contextlib.redirect_stdout(io.StringIO()) as out, pytest.raises(EOFError):
        greet()
    assert out.getvalue() == "Who? "
"""
STUDENTS = {
    "right": SOLUTION,
    "silent": SOLUTION.replace('print("Hello", name)', "pass"),
    "fails": SOLUTION.replace('print("read", len(lines))', 'raise KeyError("oops")'),
    "endless": SOLUTION.replace("def main(words):", "def main(words):\n    while True: pass"),
    "turtle": "import turtle\n" + SOLUTION.replace('print("Hello", name)', "turtle.forward(1)"),
}


def grade_at(folder: Path, level: Isolation) -> dict[str, LessonResult]:
    count = CHECKS.count("\ndef test_")
    write_course(
        folder, lessons=[{"id": "lesson", "points": count, "data": ["factor.txt"]}],
        solutions={"lesson": SOLUTION}, hidden={"lesson": CHECKS},
        visible={"lesson": None}, limits=LIMITS,
    )  # fmt: skip
    (folder / "solutions" / "factor.txt").write_text("7")
    course = Course.load(folder)
    class_ = [
        Submission(name, {"lesson": Source("lesson.py", (text,), False)})
        for name, text in STUDENTS.items()
    ]
    try:
        results = grading_process.grade_batch(course, level, class_)
        return {result.student: result.lessons[0] for result in results}
    finally:
        grading_process.forget()


@pytest.fixture(scope="module", params=[Isolation.FULL, Isolation.FILTERED])
def graded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, LessonResult]:
    return grade_at(tmp_path_factory.mktemp("course"), request.param)


def failed(lesson: LessonResult) -> set[str]:
    return {check.check for check in lesson.checks if check.status != "passed"}


@pytest.mark.slow
def test_a_right_program_passes_every_form(graded: dict[str, LessonResult]) -> None:
    lesson = graded["right"]
    assert set(statuses_of(lesson)) == {"passed"}, [message_of(lesson, n) for n in range(10)]


@pytest.mark.slow
def test_a_program_that_prints_nothing_fails_where_its_output_counts(
    graded: dict[str, LessonResult],
) -> None:
    assert failed(graded["silent"]) == {"test_output", "test_capsys"}


@pytest.mark.slow
def test_a_program_that_raises_ends_with_a_traceback_of_its_own_lines(
    graded: dict[str, LessonResult],
) -> None:
    assert failed(graded["fails"]) == {"test_run"}


@pytest.mark.slow
def test_a_program_that_never_ends_costs_its_runs_alone(graded: dict[str, LessonResult]) -> None:
    lesson = graded["endless"]
    assert failed(lesson) == {"test_run", "test_exit_code"}
    assert {it.status for it in lesson.checks if it.check == "test_run"} == {"timeout"}


@pytest.mark.slow
def test_what_needs_a_screen_says_so(graded: dict[str, LessonResult]) -> None:
    lesson = graded["turtle"]
    runs = {"test_run", "test_exit_code"}  # Python itself ends at the import
    assert failed(lesson) == {"test_output", "test_capsys", *runs}
    said = str([it.message for it in lesson.checks if it.check == "test_output"])
    assert "turtle needs a screen, and work is graded where there is none" in said
