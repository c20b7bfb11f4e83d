"""The checks against answers that are known to be wrong, or known to be right but unusual."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from grader.batch import grade_batch
from grader.course import Course, Lesson
from grader.intake import Source, Submission
from grader.overlays import Overlay, accepted, known_wrong, laid_over
from grader.results import LessonResult, Status
from grader.sandbox.levels import Isolation

COURSE: Final = Course.load(Path(__file__).parents[1])
WRONG: Final = [overlay for lesson in COURSE.lessons for overlay in known_wrong(COURSE, lesson)]
ACCEPTED: Final = [overlay for lesson in COURSE.lessons for overlay in accepted(COURSE, lesson)]
SOLUTIONS: Final = {lesson.id: lesson.solution.read_text("utf-8") for lesson in COURSE.lessons}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def students() -> dict[Overlay, dict[str, LessonResult]]:
    """Every answer as a student of its own, who is right everywhere else; one batch for all."""
    answers = WRONG + ACCEPTED
    results = grade_batch(COURSE, Isolation.FULL, [_student(answer) for answer in answers])
    return {
        answer: {lesson.lesson: lesson for lesson in result.lessons}
        for answer, result in zip(answers, results, strict=True)
    }


@pytest.fixture(scope="module")
def graded(students: dict[Overlay, dict[str, LessonResult]]) -> dict[Overlay, LessonResult]:
    """The lesson that each answer is about."""
    return {answer: lessons[answer.lesson] for answer, lessons in students.items()}


def _student(answer: Overlay) -> Submission:
    texts = SOLUTIONS | {answer.lesson: laid_over(SOLUTIONS[answer.lesson], answer.text)}
    sources = {name: Source(f"{name}.py", (text,), False) for name, text in texts.items()}
    return Submission(_name(answer), sources)


def _name(answer: Overlay) -> str:
    return f"{answer.lesson}/{answer.path.stem}"


@pytest.mark.parametrize("answer", WRONG, ids=_name)
def test_a_wrong_answer_loses_points_in_its_own_lesson(
    graded: dict[Overlay, LessonResult], answer: Overlay
) -> None:
    lesson = graded[answer]
    assert lesson.score < lesson.max_score
    assert {check.status for check in lesson.checks} <= {
        Status.PASSED,
        Status.FAILED,
        Status.SKIPPED,
    }


@pytest.mark.parametrize("answer", WRONG, ids=_name)
def test_a_mistake_is_named_by_its_effect_whatever_code_produced_it(
    graded: dict[Overlay, LessonResult], answer: Overlay
) -> None:
    named = {check.misconception for check in graded[answer].checks if check.misconception}
    assert named == {answer.misconception}


@pytest.mark.parametrize("answer", WRONG, ids=_name)
def test_no_failure_is_left_without_a_name(
    graded: dict[Overlay, LessonResult], answer: Overlay
) -> None:
    checks = graded[answer].checks
    assert [it.check for it in checks if it.status is Status.FAILED and not it.misconception] == []


@pytest.mark.parametrize("answer", WRONG, ids=_name)
def test_a_wrong_answer_costs_nothing_in_the_lessons_that_use_it(
    students: dict[Overlay, dict[str, LessonResult]], answer: Overlay
) -> None:
    for name, lesson in students[answer].items():
        if name != answer.lesson:
            assert {check.status for check in lesson.checks} <= {Status.PASSED, Status.PENDING}, (
                name
            )


@pytest.mark.parametrize("answer", ACCEPTED, ids=_name)
def test_an_unusual_but_right_answer_earns_every_point(
    graded: dict[Overlay, LessonResult], answer: Overlay
) -> None:
    lesson = graded[answer]
    checks = [it for it in lesson.checks if it.status is not Status.PENDING]
    failed = {it.check: it.message for it in checks if it.status is not Status.PASSED}
    assert failed == {}
    assert lesson.score == sum(it.max_score for it in checks)


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.id)
def test_every_lesson_has_wrong_and_unusual_answers(lesson: Lesson) -> None:
    wrong = {answer.misconception for answer in WRONG if answer.lesson == lesson.id}
    assert len(wrong) >= 8 or lesson.written, "a lesson of words has no wrong functions"
    assert sum(answer.lesson == lesson.id for answer in ACCEPTED) >= 5


def test_every_mistake_comes_in_three_codings_at_least() -> None:
    codings = Counter((answer.lesson, answer.misconception) for answer in WRONG)
    assert {mistake: count for mistake, count in codings.items() if count < 3} == {}
