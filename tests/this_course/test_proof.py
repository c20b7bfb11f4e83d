"""`grader verify` proves the checks of this course, on known versions of lessons and on mutants.

Lessons that import each other are proved at once, for much is computed once for all of them. The
last lesson, which none imports, takes as long as six others; another worker proves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest
from places import REPOSITORY

from grader.course import Course, Lesson
from grader.verify.marks_table import render_marks
from grader.verify.verification import Verifier

COURSE: Final = Course.load(REPOSITORY)
LAST: Final = COURSE.lessons[-1]
TOGETHER: Final = {
    LAST.id: [LAST],
    **{
        part.id: [lesson for lesson in COURSE.lessons[:-1] if lesson.id in part.lessons]
        for part in COURSE.parts
    },
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "lessons",
    [
        pytest.param(lessons, marks=pytest.mark.xdist_group(f"proof-{name}"), id=name)
        for name, lessons in TOGETHER.items()
    ],
)
def test_the_checks_of_this_course_are_proved(lessons: Sequence[Lesson]) -> None:
    verifier = Verifier(COURSE, lessons)
    proof = verifier.run(jobs=1)
    assert proof.all_problems + proof.advice == []
    marks = {name: it.marks for name, it in verifier.choices.items()}
    page = (REPOSITORY / "docs" / "marks.md").read_text("utf-8")
    assert render_marks(COURSE, marks).partition("\n## ")[2] in page, (
        "docs/marks.md is out of step: grader verify --marks > docs/marks.md"
    )
