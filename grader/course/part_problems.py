"""The parts of a course: each lesson belongs to one of them, and they keep the order of lessons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from grader.course.lesson import Lesson
from grader.course.yaml_file import complaint, list_choices, show
from grader.results.parts import Part

#: nbgrader makes a folder and an address of a part's id.
_ID: Final = re.compile(r"[A-Za-z]\w*", re.ASCII)


def part_place(i: int, entry: object) -> str:
    """A part's place in course.yaml, with its id for people who do not count from 0."""
    name = entry.get("id") if isinstance(entry, dict) else getattr(entry, "id", None)
    return f"parts[{i}] ({name})" if isinstance(name, str) and name else f"parts[{i}]"


def part_problems(parts: Sequence[Part], lessons: Sequence[Lesson]) -> Iterator[str]:
    """One line for each value of ``parts:`` that is wrong.

    Args:
        parts: in teaching order; a course may have none.
        lessons: in teaching order.
    """
    if not parts:
        return
    lesson_ids = list(dict.fromkeys(lesson.id for lesson in lessons))
    owners: dict[str, str] = {}  # lesson → part
    for i, part in enumerate(parts):
        at = part_place(i, part)
        if not _ID.fullmatch(part.id):
            why = "must begin with a letter and hold letters, digits and `_` only, is"
            yield complaint(f"{at}.id", f"{why} {show(part.id)}")
        if part.id in [other.id for other in parts[:i]]:
            yield complaint(f"{at}.id", "is also the id of another part; each needs its own")
        if not part.title.strip():
            yield complaint(f"{at}.title", f"must be text, is {show(part.title)}")
        if not part.lessons:
            yield complaint(f"{at}.lessons", "must name at least one lesson, is empty")
        for j, lesson in enumerate(part.lessons):
            place = f"{at}.lessons[{j}]"
            if lesson not in lesson_ids:
                end = list_choices(lesson, lesson_ids, "ids")
                yield complaint(place, f"no lesson is called `{lesson}`{end}")
            elif lesson in owners:
                yield complaint(place, f"`{lesson}` is already in the part `{owners[lesson]}`")
            owners.setdefault(lesson, part.id)
    if left := [lesson for lesson in lesson_ids if lesson not in owners]:
        names = ", ".join(f"`{lesson}`" for lesson in left)
        yield complaint("parts", f"every lesson belongs to a part, and none has {names}")
    order = [lesson for lesson in owners if lesson in lesson_ids]
    if not left and order != lesson_ids:
        wrong = next(mine for mine, theirs in zip(order, lesson_ids, strict=True) if mine != theirs)
        why = f"must name the lessons in the order of `lessons:`, and `{wrong}` is out of order"
        yield complaint("parts", why)
