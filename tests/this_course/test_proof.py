"""`grader verify` proves the checks of this course, on known versions of lessons and on mutants.

All lessons of a part are proved at once: their checks are collected and rehearsed once.
"""

from __future__ import annotations

from typing import Final

import pytest
from places import REPOSITORY

from grader.course import Course
from grader.results.parts import Part
from grader.verify.marks_table import render_marks
from grader.verify.verification import Verifier

COURSE: Final = Course.load(REPOSITORY)


@pytest.mark.slow
@pytest.mark.parametrize(
    "part",
    [
        pytest.param(part, marks=pytest.mark.xdist_group(f"proof-{part.id}"), id=part.id)
        for part in COURSE.parts
    ],
)
def test_the_checks_of_this_course_are_proved(part: Part) -> None:
    verifier = Verifier(COURSE, [it for it in COURSE.lessons if it.id in part.lessons])
    proof = verifier.run(jobs=1)
    assert proof.all_problems + proof.advice == []
    marks = {name: it.marks for name, it in verifier.choices.items()}
    page = (REPOSITORY / "docs" / "marks.md").read_text("utf-8")
    assert render_marks(COURSE, marks).partition("\n## ")[2] in page, (
        "docs/marks.md is out of step: grader verify --marks > docs/marks.md"
    )
