"""The checks against answers that are known to be wrong, or known to be right but unusual.

A file in ``tests/lessons/misconceptions/<lesson>/`` is named after a misconception (and, after two
underscores, a variant of it); one in ``accepted/`` after what is unusual about it. Each is a piece
of code that takes the place of the solution's functions of the same name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from grader.batch import grade_batch
from grader.course import Course
from grader.intake import Source, Submission
from grader.results import LessonResult, Status
from grader.sandbox.levels import Isolation

COURSE: Final = Course.load(Path(__file__).parents[1])
LESSONS: Final = COURSE.root / "tests" / "lessons"
WRONG: Final = sorted((LESSONS / "misconceptions").glob("*/*.py"))
ACCEPTED: Final = sorted((LESSONS / "accepted").glob("*/*.py"))
SOLUTIONS: Final = {lesson.id: lesson.solution.read_text("utf-8") for lesson in COURSE.lessons}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def graded() -> dict[Path, dict[str, LessonResult]]:
    """Every answer as a student of its own, who is right everywhere else; one batch for all."""
    answers = WRONG + ACCEPTED
    results = grade_batch(COURSE, Isolation.FULL, [_student(path) for path in answers])
    return {
        path: {lesson.lesson: lesson for lesson in result.lessons}
        for path, result in zip(answers, results, strict=True)
    }


def _student(path: Path) -> Submission:
    texts = dict(SOLUTIONS)
    texts[path.parent.name] += "\n\n" + path.read_text("utf-8")
    sources = {name: Source(f"{name}.py", (text,), False) for name, text in texts.items()}
    return Submission(f"{path.parent.name}/{path.stem}", sources)


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", WRONG, ids=_name)
def test_a_wrong_answer_loses_points_in_its_own_lesson(
    graded: dict[Path, dict[str, LessonResult]], path: Path
) -> None:
    lesson = graded[path][path.parent.name]
    assert lesson.score < lesson.max_score
    assert {check.status for check in lesson.checks} <= {
        Status.PASSED,
        Status.FAILED,
        Status.SKIPPED,
    }


@pytest.mark.parametrize("path", ACCEPTED, ids=_name)
def test_an_unusual_but_right_answer_earns_every_point(
    graded: dict[Path, dict[str, LessonResult]], path: Path
) -> None:
    lesson = graded[path][path.parent.name]
    failed = {it.check: it.message for it in lesson.checks if it.status is not Status.PASSED}
    assert failed == {}
    assert lesson.score == lesson.max_score


@pytest.mark.parametrize("lesson", [lesson.id for lesson in COURSE.lessons])
def test_every_lesson_has_wrong_and_unusual_answers(lesson: str) -> None:
    assert len({path.stem.partition("__")[0] for path in WRONG if path.parent.name == lesson}) >= 8
    assert sum(path.parent.name == lesson for path in ACCEPTED) >= 5
