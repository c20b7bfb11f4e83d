"""Finds contradictions in a course whose keys and types are right."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from grader.course.data_files import data_problems
from grader.course.lesson import HINT_STEPS, Lesson
from grader.course.module_files import bad_module_name, module_problems
from grader.course.order import order_problems
from grader.course.settings import Limits, Show
from grader.course.yaml_file import complaint, is_file, lesson_place, show
from grader.results.late import Late


def find_contradictions(
    packages: Sequence[str],
    limits: Limits,
    late: Late | None,
    show_settings: Show,
    lessons: Sequence[Lesson],
) -> Iterator[str]:
    """One line for each value of course.yaml that has the right type and is still wrong."""
    for i, name in enumerate(packages):
        if not name.isidentifier():
            yield complaint(
                f"packages[{i}]", f"must be what stands after `import`, is {show(name)}"
            )
    for name, value in msgspec.structs.asdict(limits).items():
        yield from _not_positive(f"limits.{name}", value)
    cpu, wall = limits.cpu_seconds_per_call, limits.wall_seconds_per_call
    if wall < cpu:
        why = f"must be at least cpu_seconds_per_call ({show(cpu)}), is {show(wall)}"
        yield complaint("limits.wall_seconds_per_call", why)
    if late is not None:
        yield from _late_problems(late)
    yield from _show_problems(show_settings, lessons)
    if not lessons:
        yield complaint("lessons", "must hold at least one lesson (`- id: …`), is empty")
    for i, lesson in enumerate(lessons):
        yield from _lesson_problems(packages, lessons, i, lesson)
    yield from (complaint(place, why) for place, why in data_problems(lessons))
    yield from (complaint(place, why) for place, why in module_problems(lessons, packages))
    yield from order_problems(lessons)
    yield from _written_problems(lessons)


def _late_problems(late: Late) -> Iterator[str]:
    yield from _not_positive("late.percent_per_day", late.percent_per_day)
    yield from _not_positive("late.cap_percent", late.cap_percent)
    if late.cap_percent > 100:
        yield complaint("late.cap_percent", f"must be at most 100, is {show(late.cap_percent)}")
    if not 0 <= late.grace_minutes < math.inf:
        yield complaint("late.grace_minutes", f"must be 0 or more, is {show(late.grace_minutes)}")
    for student, days in late.extensions.items():
        if not 0 <= days < math.inf:
            yield complaint(f"late.extensions.{student}", f"must be days, is {show(days)}")
    if late.due is not None and late.due.tzinfo is None:
        yield complaint(
            "late.due", "needs its time zone, as in 2026-12-01T23:59:00+01:00 (Z is UTC)"
        )


def _show_problems(settings: Show, lessons: Sequence[Lesson]) -> Iterator[str]:
    named = [lesson for lesson in lessons if lesson.id.isidentifier()]  # another id makes no path
    if not settings.features and (drawn := [lesson for lesson in named if is_file(lesson.drawing)]):
        why = f"is missing, and {drawn[0].shown(drawn[0].drawing)} draws words by their features"
        yield complaint("show.features", why)
    kinds: dict[str, int] = {}
    for i, kind in enumerate(settings.kinds):
        place = f"show.kinds[{i}]"
        if len(kind.vector) != len(settings.features):
            why = f"must have {len(settings.features)} numbers, one for each of show.features, has"
            yield complaint(f"{place}.vector", f"{why} {len(kind.vector)}")
        for number in kind.vector:
            if not math.isfinite(number):
                yield complaint(f"{place}.vector", f"must hold finite numbers, holds {number}")
        for word in kind.words.casefold().split():
            if kinds.setdefault(word, i) != i:
                why = f"has `{word}`, as show.kinds[{kinds[word]}] does; each word has one kind"
                yield complaint(f"{place}.words", why)
    if settings.read_out is not None and settings.read_out not in settings.features:
        features = ", ".join(settings.features) or "none"
        why = f"must be one of show.features ({features}), is {show(settings.read_out)}"
        yield complaint("show.read_out", why)


def _lesson_problems(
    packages: Sequence[str], lessons: Sequence[Lesson], i: int, lesson: Lesson
) -> Iterator[str]:
    at = lesson_place(i, lesson)
    yield from _not_positive(f"{at}.points", lesson.points)
    if lesson.minutes < 0:
        yield complaint(f"{at}.minutes", f"must not be negative, is {lesson.minutes}")
    yield from _hint_problems(at, lesson.hints)
    # A wrong id is not looked up on disk: its paths would mean nothing.
    first = next(j for j, other in enumerate(lessons) if other.id == lesson.id)
    if first < i:
        yield complaint(
            f"{at}.id", f"is also the id of lessons[{first}]; each lesson needs its own"
        )
    elif why := bad_module_name(lesson.id, packages):
        yield complaint(f"{at}.id", why)
    else:
        hidden, visible = lesson.shown(lesson.hidden_checks), lesson.shown(lesson.visible_checks)
        if not is_file(lesson.reference):
            source = "original" if lesson.released else "solution"
            yield complaint(at, f"has no {source}; expected at {lesson.shown(lesson.reference)}")
        if not (lesson.check_files or lesson.written):
            yield complaint(at, f"has no checks; expected at {hidden} or {visible}")


def _hint_problems(at: str, hints: Mapping[str, object]) -> Iterator[str]:
    for name, steps in hints.items():
        place = f"{at}.hints.{name}"
        if not isinstance(steps, list) or len(steps) != HINT_STEPS:
            given = f"a list of {len(steps)}" if isinstance(steps, list) else show(steps)
            yield complaint(
                place,
                f"must be a list of {HINT_STEPS} texts, from a question to almost the code; "
                f"is {given}",
            )
            continue
        for i, step in enumerate(steps):
            if not isinstance(step, str) or not step.strip():
                yield complaint(f"{place}[{i}]", f"must be text, is {show(step)}")


def _written_problems(lessons: Sequence[Lesson]) -> Iterator[str]:
    """A mark names its written question by the id alone, so no two may share one."""
    places: dict[str, str] = {}
    for i, lesson in enumerate(lessons):
        at = lesson_place(i, lesson)
        if not lesson.answers_in.isidentifier():
            why = f"must be a Python name, is {show(lesson.answers_in)}"
            yield complaint(f"{at}.answers_in", why)
        for j, question in enumerate(lesson.written):
            place = f"{at}.written[{j}]"
            yield from _not_positive(f"{place}.points", question.points)
            if question.words < 0:
                yield complaint(f"{place}.words", f"must not be negative, is {question.words}")
            if question.id in places:
                why = f"is also the id of {places[question.id]}; each question needs its own"
                yield complaint(f"{place}.id", why)
            places.setdefault(question.id, place)


def _not_positive(place: str, value: float) -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield complaint(place, f"must be a finite number, is {value}")
    elif value <= 0:
        yield complaint(place, f"must be greater than 0, is {show(value)}")
