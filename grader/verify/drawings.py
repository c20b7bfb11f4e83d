"""Whether each lesson that has a drawing can be drawn, with its solution in the student's place."""

from __future__ import annotations

from collections.abc import Iterator

from grader.checks.reference import ReferenceCallee
from grader.course import Course, Lesson
from grader.drawing.drawings import NotDrawn, draw
from grader.errors import CourseError
from grader.grading.process import load_references
from grader.verify.answers import up_to


def undrawn(course: Course, lesson: Lesson) -> Iterator[str]:
    """One sentence if the lesson has a drawing that draws nothing of the solution."""
    if not lesson.drawing.is_file():
        return
    try:
        part = up_to(course, lesson)
        drawn = draw(part, lesson, ReferenceCallee(load_references(part)[lesson.id]))
    except CourseError as error:
        yield from str(error).splitlines()
        return
    if isinstance(drawn, NotDrawn):
        yield f"{course.shown(lesson.drawing)}: draws nothing of the solution: {drawn.reason}"
