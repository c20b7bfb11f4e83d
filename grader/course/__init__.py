"""The course as data: ``course.yaml`` becomes a :class:`Course` of :class:`Lesson` records."""

from grader.course.course import (
    Course,
    find_course,
    sandbox_data,
    sandbox_limits,
    sandbox_packages,
)
from grader.course.lesson import HINT_STEPS, Lesson, Written
from grader.course.settings import Limits, Show
from grader.course.yaml_file import COURSE_FILE, read_text

__all__ = [
    "COURSE_FILE",
    "HINT_STEPS",
    "Course",
    "Lesson",
    "Limits",
    "Show",
    "Written",
    "find_course",
    "read_text",
    "sandbox_data",
    "sandbox_limits",
    "sandbox_packages",
]
