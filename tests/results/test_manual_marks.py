"""`grader mark`: a person's mark for a written answer; it stays when the class is graded again."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.fingerprints import fingerprint_answer
from grader.reports import json as json_report
from grader.results import CheckResult, LessonResult, LessonStatus, Report, Status, StudentResult
from grader.results.manual_marks import DECISION, Mark, apply_marks
from grader.results.message import read

if TYPE_CHECKING:
    from tiny_course import CourseWriter

SOLUTION = '### BEGIN SOLUTION\nEXPLANATIONS = {"why": "Because."}\n### END SOLUTION\n'
CHECKS = 'def test_it(student):\n    """It is there."""\n    student.value("EXPLANATIONS")\n'
LESSON = {"id": "words", "points": 3, "written": [{"id": "why", "title": "Why?", "points": 2}]}
RAIN = 'EXPLANATIONS = {"why": "It rains.\\n\\x1b[31mOften."}'

Grader = Callable[..., Result]


@pytest.fixture
def grader(tiny_course: CourseWriter, tmp_path: Path) -> Grader:
    """Run a command on a course with one written question; adds `--out` if it is missing."""
    files: dict[str, Any] = {"hidden": {"words": CHECKS}, "visible": {"words": None}}
    course = tiny_course(lessons=[LESSON], solutions={"words": SOLUTION}, **files)

    def run(command: str, *arguments: str, code: int = 0) -> Result:
        out = ["--out", str(tmp_path / "out")]
        result = CliRunner().invoke(main, ["--course", str(course), command, *arguments, *out])
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture
def hand_in(tmp_path: Path) -> Callable[[str, str], str]:
    """Write a student's file; returns the folder of all."""

    def write(student: str, text: str) -> str:
        path = tmp_path / "in" / student / "words.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return str(tmp_path / "in")

    return write


def check(out: Path, student: str = "ada") -> dict[str, Any]:
    """The written question in results.json."""
    report = json.loads((out / "results.json").read_text("utf-8"))
    (row,) = (row for row in report["students"] if row["student"] == student)
    return dict(row["lessons"][0]["checks"][-1])


def totals(out: Path) -> dict[str, str]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row["total"] for row in csv.DictReader(file)}


@pytest.mark.slow
def test_a_mark_counts_and_stays_when_the_class_is_graded_again(
    grader: Grader, hand_in: Callable[[str, str], str], tmp_path: Path
) -> None:
    out, folder = tmp_path / "out", hand_in("ada", RAIN)
    hand_in("ben", "EXPLANATIONS = {}")
    assert "1 written answer waits for a mark" in grader("grade", folder).output
    assert check(out)["status"] == "pending"
    assert totals(out) == {"ada": "1", "ben": "1"}
    assert "ada\twhy\twaits\tIt rains.\\n" in grader("mark", "--list").output
    shown = grader("mark", "ada", "why").output
    assert "It rains.\n\\x1b[31mOften." in shown, "shown as written, and harmless"
    assert grader("mark", "ada", "why", "1.5", "--comment", "And why?").output == (
        "ada: why: 1.5 of 2 points\n"
    )
    assert grader("mark", "--list").output == "Nothing waits for a mark.\n"
    for options in ((), ("--fresh",), None):
        if options is not None:
            told = grader("grade", folder, *options).output
            assert "waits for a mark" not in told
            assert ("students unchanged" in told) == (options == ())
        checked = check(out)
        assert (checked["status"], checked["score"]) == ("failed", 1.5)
        assert checked["message"] == "1.5 of 2 points; And why?"
        assert checked["answer"].startswith("It rains.")
        assert totals(out) == {"ada": "2.5", "ben": "1"}
    hand_in("ada", RAIN.replace("rains", "snows"))
    grader("grade", folder)
    assert check(out)["message"] == (
        "1.5 of 2 points; And why?; the answer is another one than was marked"
    )
    assert "ada\twhy\tchanged since\tIt snows." in grader("mark", "--list").output
    grader("mark", "ada", "why", "2")
    assert (check(out)["status"], check(out)["message"]) == ("passed", None)
    grader("mark", "ada", "why", "--undo")
    assert (check(out)["status"], totals(out)["ada"]) == ("pending", "1")


@pytest.mark.slow
def test_points_may_be_given_where_nothing_was_written_and_taken_back(
    grader: Grader, hand_in: Callable[[str, str], str], tmp_path: Path
) -> None:
    grader("grade", hand_in("ben", "EXPLANATIONS = {}"))
    assert "There is no answer." in grader("mark", "ben", "why").output
    grader("mark", "ben", "why", "2", "--comment", "Told me in the corridor.")
    assert check(tmp_path / "out", "ben")["score"] == 2
    grader("mark", "ben", "why", "--undo")
    assert check(tmp_path / "out", "ben")["status"] == "not_attempted"
    assert totals(tmp_path / "out") == {"ben": "1"}


@pytest.mark.slow
def test_whatever_is_wrong_is_said_and_changes_nothing(
    grader: Grader, hand_in: Callable[[str, str], str], tmp_path: Path
) -> None:
    out, folder = tmp_path / "out", hand_in("ada", RAIN)
    assert "holds no results.json" in grader("mark", "ada", "why", "1", code=1).output
    hand_in("bad", "EXPLANATIONS = {")
    grader("grade", folder)
    before = (out / "results.json").read_bytes()
    for arguments, code, said in [
        (["ada", "why", "3"], 2, "`why` is worth from 0 to 2 points, not 3"),
        (["ada", "why", "nan"], 2, "from 0 to 2 points"),
        (["ada", "why", "two"], 2, "'two' is not a valid float"),
        (["ada"], 2, "Name a student and a question"),
        (["ada", "why", "--comment", "x"], 2, "A comment goes with POINTS"),
        (["ada", "why", "1", "--undo"], 2, "goes without POINTS"),
        (["ida", "why", "1"], 1, "nobody called `ida` was graded. Did you mean `ada`?"),
        (["\x1b[31m", "why", "1"], 1, "nobody called `\\x1b[31m` was graded."),
        (["ada", "wy", "1"], 1, "no written question is called `wy`; did you mean `why`?"),
        (["ada", "words.test_sum", "1"], 1, "`words.test_sum` needs no decision: none of ada's"),
        (["bad", "why", "1"], 1, "nothing to mark: bad's lesson `words` is unreadable (words.py"),
    ]:
        assert said in grader("mark", *arguments, code=code).output
    assert (out / "results.json").read_bytes() == before
    (out / "results.json").write_text('{"format_version": 2}')
    assert "its format is version 2, not 1" in grader("mark", "--list", code=1).output
    (out / "results.json").write_bytes(before.replace(b'"tiny"', b'"huge"'))
    assert "is about the course `huge`" in grader("mark", "--list", code=1).output


# The records


def a_report(checked: CheckResult) -> Report:
    lesson = LessonResult("words", LessonStatus.GRADED, checked.score, 3.0, None, (checked,))
    return Report("tiny", "2026-11-20T17:00:00Z", "full", (StudentResult("ada", (lesson,)),))


def marked(checked: CheckResult, *marks: Mark) -> CheckResult:
    return apply_marks(a_report(checked), marks).students[0].lessons[0].checks[0]


PENDING = CheckResult(
    "why", "Why?", Status.PENDING, 0.0, 2.0, read("waits to be marked"), answer="So."
)
MARK = Mark("ada", "words", "why", 2.0, None, fingerprint_answer("So."), "2026-11-20T17:00:00Z")


def test_a_mark_for_somebody_else_or_another_question_changes_nothing() -> None:
    others = [Mark("ben", "words", "why", 2.0, None, "", ""),
              Mark("ada", "words", "how", 2.0, None, "", ""),
              Mark("ada", "numbers", "why", 2.0, None, "", "")]  # fmt: skip
    assert marked(PENDING, *others) == PENDING


def test_a_mark_never_exceeds_what_the_question_is_worth_now() -> None:
    cheaper = CheckResult("why", "Why?", Status.PENDING, 0.0, 0.5, (), answer="So.")
    assert (marked(cheaper, MARK).score, marked(cheaper, MARK).status) == (0.5, Status.PASSED)


def test_what_broke_on_our_side_is_left_alone() -> None:
    ours = CheckResult("why", "Why?", Status.GRADER_ERROR, 2.0, 2.0, read("the sandbox ended"))
    assert marked(ours, MARK) == ours


def test_the_lesson_adds_up_again() -> None:
    (student,) = apply_marks(a_report(PENDING), [MARK]).students
    assert student.score == student.lessons[0].score == 2.0


def test_a_report_is_read_as_it_was_written() -> None:
    report = a_report(PENDING)
    assert json_report.parse("".join(json_report.render(report)).encode()) == report


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"format_version": 1}', b"\xff"])
def test_what_is_no_report_is_refused(document: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        json_report.parse(document)


UNDECIDED = CheckResult(
    "test_sum", "A sum.", Status.UNDECIDED, 0.0, 2.0, read("the sandbox ended"),
    undecided="the sandbox ended",
)  # fmt: skip


def decision(points: float) -> Mark:
    return Mark("ada", "words", "test_sum", points, None, DECISION, "2026-11-20T17:00:00Z")


@pytest.mark.parametrize(
    ("points", "status", "message"),
    [
        (2.0, Status.PASSED, "a person decided"),
        (0.5, Status.FAILED, "0.5 of 2 points; a person decided"),
    ],
)
def test_a_person_decides_about_a_check_and_may_take_it_back(
    points: float, status: Status, message: str
) -> None:
    decided = marked(UNDECIDED, decision(points))
    assert (decided.status, decided.score, decided.message) == (status, points, message)
    assert marked(decided) == UNDECIDED


@pytest.mark.parametrize("status", [Status.PASSED, Status.FAILED])
def test_a_decision_gives_way_once_the_check_can_be_graded(status: Status) -> None:
    graded = CheckResult("test_sum", "A sum.", status, 1.0, 2.0)
    assert marked(graded, decision(2.0)) == graded


def test_an_undecided_check_is_read_as_it_was_written() -> None:
    report = a_report(UNDECIDED)
    assert json_report.parse("".join(json_report.render(report)).encode()) == report
    assert report.undecided == [("ada", "words", UNDECIDED)]


@pytest.mark.slow
def test_a_check_that_could_not_be_graded_is_listed_and_decided(
    grader: Grader, hand_in: Callable[[str, str], str], tmp_path: Path
) -> None:
    grader("grade", hand_in("ada", RAIN))
    out = tmp_path / "out"
    report = json_report.parse((out / "results.json").read_bytes())
    lost = [
        CheckResult("test_it", "It is there.", Status.UNDECIDED, 0.0, 1.0, read("lost"),
                    undecided="lost"),
        *report.students[0].lessons[0].checks[1:],
    ]  # fmt: skip
    lesson = LessonResult("words", LessonStatus.GRADED, 0.0, 3.0, None, tuple(lost))
    broken = Report("tiny", report.graded_at, "full", (StudentResult("ada", (lesson,)),))
    (out / "results.json").write_text("".join(json_report.render(broken)), "utf-8")
    listed = grader("mark", "--list").output
    assert "ada\twords.test_it\tundecided\tlost" in listed
    assert "1 check undecided. Decide: grader mark STUDENT LESSON.CHECK POINTS" in listed
    assert "lost" in grader("mark", "ada", "test_it").output, "without POINTS it is shown"
    assert "from 0 to 1 points" in grader("mark", "ada", "words.test_it", "2", code=2).output
    assert grader("mark", "ada", "words.test_it", "1").output == (
        "ada: words.test_it: 1 of 1 points\n"
    )
    assert totals(out)["ada"] == "1"
    assert "undecided" not in grader("mark", "--list").output
    assert grader("mark", "ada", "words.test_it", "--undo").exit_code == 0
    assert grader("mark", "ada", "words").output == grader("mark", "ada", "test_it").output
    assert "`words` is worth from 0 to 1" in grader("mark", "ada", "words", "2", code=2).output
    assert grader("mark", "ada", "words", "0.5").output == "ada: words: 0.5 of 1 points\n"
    assert totals(out)["ada"] == "0.5"
    grader("mark", "ada", "test_it", "--undo")
    assert totals(out)["ada"] == "0"


@pytest.mark.slow
def test_the_points_of_a_whole_lesson_are_shared_out_by_what_each_check_is_worth(
    grader: Grader, hand_in: Callable[[str, str], str], tmp_path: Path
) -> None:
    grader("grade", hand_in("ada", RAIN))
    out = tmp_path / "out"
    report = json_report.parse((out / "results.json").read_bytes())
    lost = tuple(
        replace(UNDECIDED, check=name, max_score=worth) for name, worth in (("a", 1.0), ("b", 2.0))
    )
    lesson = LessonResult("words", LessonStatus.GRADED, 0.0, 3.0, None, lost)
    broken = Report("tiny", report.graded_at, "full", (StudentResult("ada", (lesson,)),))
    (out / "results.json").write_text("".join(json_report.render(broken)), "utf-8")
    listed = grader("mark", "--list").stdout
    assert [line.split("\t")[:3] for line in listed.splitlines()] == [
        ["ada", "words.a", "undecided"],
        ["ada", "words.b", "undecided"],
    ]
    assert grader("mark", "ada", "words", "1.5").output == "ada: words: 1.5 of 3 points\n"
    told = json_report.parse((out / "results.json").read_bytes())
    assert [result.score for result in told.students[0].lessons[0].checks] == [0.5, 1.0]
    grader("mark", "ada", "words", "--undo")
    assert len(grader("mark", "--list").stdout.splitlines()) == 2
