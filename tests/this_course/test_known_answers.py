"""There are enough versions of lessons that are known to be wrong, or right but unusual."""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import Final

import pytest
from places import REPOSITORY

from grader.course import Course, Lesson
from grader.diagnosis.version_files import VersionFile, read_accepted_versions, read_wrong_versions

COURSE: Final = Course.load(REPOSITORY)
WRONG: Final = [file for lesson in COURSE.lessons for file in read_wrong_versions(COURSE, lesson)]
ACCEPTED: Final = [
    file for lesson in COURSE.lessons for file in read_accepted_versions(COURSE, lesson)
]


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.id)
def test_every_lesson_has_wrong_and_unusual_answers(lesson: Lesson) -> None:
    wrong = {answer.mistake for answer in WRONG if answer.lesson == lesson.id}
    assert len(wrong) >= 8 or lesson.written, "a lesson of words has no wrong functions"
    assert sum(answer.lesson == lesson.id for answer in ACCEPTED) >= 5


def test_every_mistake_comes_in_three_codings_at_least() -> None:
    codings = Counter((answer.lesson, answer.mistake) for answer in WRONG)
    assert {mistake: count for mistake, count in codings.items() if count < 3} == {}


@pytest.mark.parametrize(
    "wrong",
    [it for it in WRONG if not it.is_other_coding],
    ids=lambda it: f"{it.lesson}: {it.mistake}",
)
def test_a_name_says_what_a_result_looks_like_and_no_remedy(wrong: VersionFile) -> None:
    # The remedy is the hints' to give, a step at a time and when asked for.
    name = (ast.get_docstring(ast.parse(wrong.text)) or "").splitlines()[0]
    remedy = re.search(
        r"instead|never|belong|without|wrong|asked for|divided|multiplied|by its\b|[√@]|root",
        name,
    )
    assert remedy is None, f"{name}: `{remedy[0]}` tells what to do"
