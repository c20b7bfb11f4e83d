"""The versions of lessons that are known to be wrong, or to be right but unusual.

There are enough of them, and `grader verify` proves the checks on them and on mutants.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest
from click.testing import CliRunner
from places import REPOSITORY

from grader.cli import main
from grader.course import Course, Lesson
from grader.diagnosis.overlays import accepted, known_wrong

COURSE: Final = Course.load(REPOSITORY)
WRONG: Final = [overlay for lesson in COURSE.lessons for overlay in known_wrong(COURSE, lesson)]
ACCEPTED: Final = [overlay for lesson in COURSE.lessons for overlay in accepted(COURSE, lesson)]


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.id)
def test_every_lesson_has_wrong_and_unusual_answers(lesson: Lesson) -> None:
    wrong = {answer.misconception for answer in WRONG if answer.lesson == lesson.id}
    assert len(wrong) >= 8 or lesson.written, "a lesson of words has no wrong functions"
    assert sum(answer.lesson == lesson.id for answer in ACCEPTED) >= 5


def test_every_mistake_comes_in_three_codings_at_least() -> None:
    codings = Counter((answer.lesson, answer.misconception) for answer in WRONG)
    assert {mistake: count for mistake, count in codings.items() if count < 3} == {}


@pytest.mark.slow
def test_the_checks_of_this_course_are_proved() -> None:
    command = ["--course", str(REPOSITORY), "verify", "--jobs", "2", "--strict"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
