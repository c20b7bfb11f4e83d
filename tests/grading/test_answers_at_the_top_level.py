"""Answers outside functions: variables, whole functions and classes."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_lesson_class import statuses_of
from tiny_course import write_course

from grader.authoring.build import build
from grader.authoring.release import release
from grader.course import Course
from grader.grading.grading_process import grade_batch
from grader.results import LessonResult, LessonStatus
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

SOLUTION = """\
### BEGIN SOLUTION
limit = 3
### END SOLUTION
twice = 2 * limit


### BEGIN SOLUTION
class Box:
    size = 1
### END SOLUTION


### BEGIN SOLUTION
def double(x):
    return 2 * x
### END SOLUTION
"""
CHECKS = '''\
import pytest


@pytest.mark.points(0)
def test_limit(student):
    """limit is 3."""
    assert student.limit == 3


def test_twice(student):
    """twice is 6."""
    assert student.twice == 6


def test_double(student):
    """double doubles."""
    assert student.double(2) == 4


def test_box(student):
    """A box has a size."""
    assert student.Box().size == 1
'''


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("top_level")
    lesson = {"id": "double", "points": 3}
    words = {"id": "words", "points": 1, "written": [{"id": "why", "title": "Why.", "points": 1}]}
    text = '### BEGIN SOLUTION\nEXPLANATIONS = {"why": "so"}\n### END SOLUTION\n'
    write_course(
        folder,
        lessons=[lesson, words],
        solutions={"double": SOLUTION, "words": text},
        hidden={"double": None, "words": None},
        visible={"double": CHECKS, "words": None},
    )
    course = Course.load(folder)
    build(course)
    return course


def submit(student: str, text: str) -> Submission:
    return Submission(student, {"double": Source("double.py", (text,), False)})


@pytest.fixture(scope="module")
def results(course: Course) -> dict[str, LessonResult]:
    stub = course.lesson("double").stub.read_text("utf-8")
    programs = {
        "nothing": stub,
        "everything": SOLUTION,
        "the variable": stub.replace("raise NotImplementedError", "limit = 3", 1),
        "a broken line": "limit = 3\ntwice = 1 / 0\n",
    }
    work = [submit(student, text) for student, text in programs.items()]
    found = grade_batch(course, Isolation.FULL, work)
    return {it.student: it.lessons[0] for it in found}


def test_the_exercise_as_it_is_handed_out_is_not_attempted(
    results: dict[str, LessonResult],
) -> None:
    assert results["nothing"].status is LessonStatus.GRADED
    limit, twice, double, box = statuses_of(results["nothing"])
    assert (limit, double, box) == ("not_attempted",) * 3
    assert twice == "failed"  # NameError: it needs a name that is not there
    message = results["nothing"].checks[0].message or ""
    assert "double.py, line 2 (`raise NotImplementedError`) is not replaced yet" in message


def test_the_solution_earns_every_point(results: dict[str, LessonResult]) -> None:
    assert results["everything"].score == 3.0


def test_each_answer_counts_by_itself(results: dict[str, LessonResult]) -> None:
    assert statuses_of(results["the variable"]) == [
        "passed", "passed", "not_attempted", "not_attempted",
    ]  # fmt: skip


def test_a_variable_counts_although_another_line_fails(results: dict[str, LessonResult]) -> None:
    assert statuses_of(results["a broken line"])[0] == "passed"


def test_a_check_may_be_worth_no_points(results: dict[str, LessonResult]) -> None:
    assert results["the variable"].checks[0].max_score == 0.0
    assert results["the variable"].score == 1.0


def test_a_lesson_of_written_questions_needs_no_check(course: Course) -> None:
    (result,) = grade_batch(course, Isolation.FULL, [Submission("ada", {})])
    assert result.lessons[1].max_score == 1.0


@pytest.mark.slow
def test_a_lesson_of_written_questions_is_in_the_students_copy(
    course: Course, tmp_path: Path
) -> None:
    release(course, tmp_path / "out", None)
    assert Course.load(tmp_path / "out").lesson_ids == ("double", "words")


def test_a_course_may_have_no_checks_at_all(tmp_path: Path) -> None:
    words = {"id": "words", "points": 1, "written": [{"id": "why", "title": "Why.", "points": 1}]}
    text = '### BEGIN SOLUTION\nEXPLANATIONS = {"why": "so"}\n### END SOLUTION\n'
    nothing = {"words": None}
    folder = write_course(
        tmp_path, lessons=[words], solutions={"words": text}, hidden=nothing, visible=nothing
    )
    work = Submission("ada", {"words": Source("words.py", (text,), False)})
    (result,) = grade_batch(Course.load(folder), Isolation.FULL, [work])
    assert result.lessons[0].checks[0].status == "pending"


@pytest.mark.slow
def test_a_students_copy_is_checked_without_the_answers(course: Course, tmp_path: Path) -> None:
    imported = CHECKS.replace("import pytest", "import pytest\nfrom double import limit, double")
    checks = f'{imported}\n\ndef test_both():\n    """B."""\n    assert double(limit) == 6\n'
    alone = Course.load(write_course(
        tmp_path / "alone", lessons=[{"id": "double", "points": 4}],
        solutions={"double": SOLUTION}, hidden={"double": None}, visible={"double": checks},
    ))  # fmt: skip
    build(alone)
    release(alone, tmp_path / "out", None)
    copy = Course.load(tmp_path / "out")
    stub = copy.lesson("double").stub.read_text("utf-8")
    results = {
        name: statuses_of(grade_batch(copy, Isolation.FULL, [submit(name, text)])[0].lessons[0])
        for name, text in {"right": SOLUTION, "wrong": SOLUTION.replace("3", "4")}.items()
    }
    assert results["right"] == ["passed"] * 5
    assert results["wrong"] == ["failed", "failed", "passed", "passed", "failed"]
    (nothing,) = grade_batch(copy, Isolation.FULL, [submit("nothing", stub)])
    assert set(statuses_of(nothing.lessons[0])) == {"not_attempted", "failed"}
