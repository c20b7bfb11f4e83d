"""The checks that pytest collected, sorted into lessons and found to be consistent."""

from __future__ import annotations

import inspect
import math
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pytest

from grader.checks.docstring_examples import examples_in
from grader.checks.example_checks import make_item
from grader.checks.test_cases import is_shown, title_of, weight_of
from grader.course import Course
from grader.errors import CourseError
from grader.text.wording import take_out_markdown

#: The marks that a check may carry, as pytest lists them.
MARKERS: Final = (
    "points(number): what the check is worth; 1 if not given",
    "builds_on(name, ...): checks of the same lesson without which this one says nothing",
    "after_cell(cell): it meets the program as it stood after this cell: its number, or a text",
    "or_after_cell(cell): if it fails, it meets the program once more, as it stood after this cell",
)


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One hidden or visible check of a lesson."""

    item: pytest.Function
    title: str
    points: float
    builds_on: tuple[str, ...]
    hidden: bool  # its numbers are not shown to students
    seed_state: Mapping[str, Any]  # of the generator `rng` when the check starts
    documented: str | None = None  # the function whose examples it tries; None for other checks
    name: str = ""  # the test function's, unique within its lesson
    after_cell: int | str | None = None  # the last cell of the program that runs for it
    or_after_cell: int | str | None = None  # the last cell if it fails on the whole program


def checks_by_lesson(
    course: Course,
    items: Sequence[pytest.Item],
    ordinary: Collection[str] = (),
    *,
    any_points: bool = False,
) -> dict[str, list[Check]]:
    """Sort the tests that pytest collected into lessons, in the order in which they run.

    Visible checks come first, so they run before the program has seen a hidden input. The
    last of these are made of the examples in docstrings.

    Args:
        course: whose checks they are.
        items: the tests.
        ordinary: paths of files that import the student's module, as tests do that were written
            for no grader; their tests need no docstring.
        any_points: whether the points of a lesson need not add up.

    Raises:
        CourseError: two checks of a lesson share a name, a check builds on one that does not come
            before it, or the points of a lesson do not add up.
    """
    checks: dict[str, list[Check]] = {lesson.id: [] for lesson in course.lessons}
    lessons = {path: lesson for lesson in course.lessons for path in lesson.check_files}
    documented: dict[pytest.Item, str] = {}  # functions, by the checks of their examples
    for lesson in course.lessons:
        parents = (item.getparent(pytest.Module) for item in items if lessons[item.path] is lesson)
        if parent := next(parents, None):
            for example in examples_in(course, lesson):
                documented[make_item(parent, example)] = example.function

    def is_hidden(item: pytest.Item) -> bool:
        return item.path == lessons[item.path].hidden_checks and item not in documented

    for item in sorted(
        [*items, *documented], key=lambda item: (is_hidden(item), item in documented)
    ):
        lesson = lessons[item.path]
        if not isinstance(item, pytest.Function):
            raise CourseError(f"{item.nodeid}: a check is a function, and this is none")
        earlier = {check.name for check in checks[lesson.id]}
        check = _check(
            item,
            name=_name(item, earlier),
            hidden=is_hidden(item),
            documented=documented.get(item),
            is_ordinary=str(item.path) in ordinary,
        )
        if check.name in earlier:
            raise CourseError(f"{item.nodeid}: lesson `{lesson.id}` has another `{check.name}`")
        for name in check.builds_on:
            if name not in earlier:
                raise CourseError(
                    f"{item.nodeid}: builds on `{name}`, but no check of that name comes before it"
                )
        checks[lesson.id].append(check)
    for lesson in course.lessons:
        questions = {question.id for question in lesson.written}
        if taken := questions & {check.name for check in checks[lesson.id]}:
            raise CourseError(
                f"course.yaml: lesson `{lesson.id}` has a check and a written question that are "
                f"both called `{min(taken)}`"
            )
        total = sum(check.points for check in checks[lesson.id])
        total += sum(question.points for question in lesson.written)
        rest_is_hidden = course.released and total < lesson.points
        if abs(total - lesson.points) > 1e-9 and not (rest_is_hidden or any_points):
            and_questions = " and written questions" if lesson.written else ""
            raise CourseError(
                f"course.yaml: lesson `{lesson.id}` is worth {lesson.points:g} points, "
                f"but its checks{and_questions} add up to {total:g}"
            )
    return checks


def _name(item: pytest.Function, earlier: Collection[str]) -> str:
    """The name of a check; where two classes have tests of one name, with the class."""
    if item.name in earlier and item.cls is not None:
        return f"{item.cls.__name__}.{item.name}"
    return item.name


def _check(
    item: pytest.Function, *, name: str, hidden: bool, documented: str | None, is_ordinary: bool
) -> Check:
    builds_on = [name for mark in item.iter_markers("builds_on") for name in mark.args]
    mark = item.get_closest_marker("points")
    points = mark.args[0] if mark and mark.args else weight_of(item.obj)
    points = 1 if points is None else points
    least = math.ulp(0) if hidden else 0  # a visible check may be there for the student alone
    if not isinstance(points, int | float) or not least <= points < math.inf:
        kind = "a number above 0" if hidden else "0 or a number above it"
        raise CourseError(f"{item.nodeid}: points({points!r}) must be {kind}")
    title = (inspect.getdoc(item.obj) or "").partition("\n")[0].strip()
    if not title and is_ordinary:
        title = title_of(getattr(item, "originalname", None) or item.name)
    if not title:
        raise CourseError(f"{item.nodeid}: needs a docstring; its first line is what students read")
    if not (hidden or is_shown(item.obj)):
        raise CourseError(f"{item.nodeid}: is not to be seen, so it belongs into hidden/")
    # A checksum of the name, because Python's own hash differs from run to run.
    seed_state = np.random.PCG64(zlib.crc32(name.encode())).state
    title = take_out_markdown(title)
    return Check(
        item,
        title,
        float(points),
        tuple(builds_on),
        hidden,
        seed_state,
        documented,
        name,
        _cell_in(item, "after_cell"),
        _cell_in(item, "or_after_cell"),
    )


def _cell_in(item: pytest.Function, name: str) -> int | str | None:
    """The cell that a mark names; None without the mark."""
    mark = item.get_closest_marker(name)
    if mark is None:
        return None
    match mark.args:
        case [str(text)] if text.strip():
            return text
        case [int(number)] if number > 0:
            return number
    raise CourseError(
        f"{item.nodeid}: {name} names a cell: by its number, from 1, or by a text in it"
    )
