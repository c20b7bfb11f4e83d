"""The order of lessons: a lesson may build only on earlier ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.course.lesson import Lesson
from grader.course.yaml_file import complaint, lesson_place, list_choices


def order_problems(lessons: Sequence[Lesson]) -> Iterator[str]:
    """One line for each entry of ``requires`` that does not name an earlier lesson.

    Args:
        lessons: in teaching order.
    """
    position = {lesson.id: i for i, lesson in reversed(list(enumerate(lessons)))}
    requires = {lesson.id: lesson.requires for lesson in lessons}
    cycles: set[frozenset[str]] = set()  # each step forward meets the cycle again
    for i, lesson in enumerate(lessons):
        for j, needed in enumerate(lesson.requires):
            at = f"{lesson_place(i, lesson)}.requires[{j}]"
            if needed not in position:
                yield complaint(
                    at, f"no lesson is called `{needed}`{list_choices(needed, requires, 'ids')}"
                )
            elif needed == lesson.id:
                yield complaint(at, "is the lesson itself; a lesson may only require earlier ones")
            elif position[needed] < i:
                continue
            elif not (way := _find_way(needed, lesson.id, requires)):
                yield complaint(at, f"`{needed}` comes later; move it up, or do not require it")
            elif frozenset(way) not in cycles:
                cycles.add(frozenset(way))
                cycle = " → ".join((lesson.id, *way))
                yield complaint(at, f"goes round in a circle: {cycle}; take one step out")


def _find_way(start: str, goal: str, requires: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The shortest chain of `requires` from `start` to `goal`, with both; () if there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for way in ways:  # it grows during the loop: a breadth-first search
        if way[-1] == goal:
            return way
        fresh = [needed for needed in requires.get(way[-1], ()) if needed not in seen]
        seen.update(fresh)
        ways.extend((*way, needed) for needed in fresh)
    return ()
