"""`parts:` of course.yaml: each lesson is in one part, in the order of the lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from grader.course import Course
from grader.errors import CourseError

if TYPE_CHECKING:
    from tiny_course import CourseWriter

LESSONS = ["one", "two", "three"]


def a_part(name: str, *lessons: str) -> dict[str, Any]:
    return {"id": name, "title": f"The {name} part", "lessons": list(lessons)}


def test_a_course_has_no_parts_unless_it_says_so(tiny_course: CourseWriter) -> None:
    course = Course.load(tiny_course())
    assert course.parts == ()
    with pytest.raises(CourseError, match="has no parts"):
        course.part("1")


def test_a_part_is_named_by_its_id_or_its_number(tiny_course: CourseWriter) -> None:
    parts = [a_part("first", "one", "two"), a_part("second", "three")]
    course = Course.load(tiny_course(lessons=LESSONS, parts=parts))
    assert course.part("second") is course.part("2") is course.parts[1]
    with pytest.raises(CourseError, match="did you mean `second`"):
        course.part("secnd")


def test_a_course_up_to_a_part_ends_with_it(tiny_course: CourseWriter) -> None:
    parts = [a_part("first", "one", "two"), a_part("second", "three")]
    course = Course.load(tiny_course(lessons=LESSONS, parts=parts))
    assert course.through(course.part("1")).lesson_ids == ("one", "two")
    assert course.through(course.part("2")).lesson_ids == ("one", "two", "three")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([a_part("first", "one", "two")], "parts: every lesson belongs to a part, and none has"),
        ([a_part("all", *LESSONS), a_part("more")], "must name at least one lesson"),
        ([a_part("all", *LESSONS, "four")], "no lesson is called `four`"),
        ([a_part("all", *LESSONS), a_part("more", "two")], "is already in the part `all`"),
        ([a_part("one", "one", "three"), a_part("two", "two")], "`three` is out of order"),
        ([a_part("two", "two", "three"), a_part("one", "one")], "`two` is out of order"),
        ([a_part("a", "one"), a_part("a", "two", "three")], "each needs its own"),
        ([a_part("../up", *LESSONS)], "must begin with a letter"),
        ([a_part("all", *LESSONS) | {"title": " "}], "title: must be text"),
        ([a_part("all", *LESSONS) | {"points": 3}], "has no key `points`"),
        ([{"id": "all", "title": "All"}], "lessons: is missing"),
        (["all"], "parts[0]: must be a mapping"),
        ("all", "parts: must be a list"),
    ],
)
def test_a_contradiction_is_told(tiny_course: CourseWriter, parts: Any, said: str) -> None:
    with pytest.raises(CourseError) as raised:
        Course.load(tiny_course(lessons=LESSONS, parts=parts))
    assert said in str(raised.value)
