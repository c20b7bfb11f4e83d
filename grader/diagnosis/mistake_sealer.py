"""Makes the file of a lesson's sealed mistakes for students; see :mod:`.sealed_mistakes`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, partial
from types import ModuleType

from grader.checks.course_checks import LessonChecks
from grader.checks.reference import ReferenceCallee
from grader.course import Course, Lesson
from grader.diagnosis.known_mistakes import KnownMistakes, Version
from grader.diagnosis.reply_keys import (
    LEFT_OUT,
    make_keys,
    name_place,
    turn_key,
    ways_to_see_corners,
)
from grader.diagnosis.sealed_mistakes import OpenedMistake, write_box, write_file


def seal_lesson(
    course: Course, lesson: Lesson, checks: LessonChecks, references: Mapping[str, ModuleType]
) -> str | None:
    """The text of the file with a lesson's sealed mistakes; None if it has no known mistakes.

    Only mistakes that a visible check shows are in it.

    Args:
        course: whole, with its solutions.
        lesson: of the course.
        checks: those of the lesson, at least the visible ones.
        references: the solution of each lesson, by id.
    """
    visible = [check for check in checks.checks if not check.hidden]
    callee = ReferenceCallee(references[lesson.id])
    called: dict[str, tuple[str, ...]] = {}
    for check, _ in checks.run_each(callee, visible):
        called[check.name] = tuple(dict.fromkeys(callee.functions))
        callee.functions.clear()
    known = KnownMistakes(course, lesson, references, callee.calls)
    if not known.versions:
        return None
    return seal_mistakes(known, called, partial(checks.failed_by, checks=visible))


def seal_mistakes(
    known: KnownMistakes,
    called: Mapping[str, Sequence[str]],
    failed_by: Callable[[ModuleType], Collection[str]],
) -> str:
    """The text of the file for students: probes, and boxes that only the mistakes themselves open.

    Args:
        known: the mistakes of the lesson.
        called: the functions that each visible check calls.
        failed_by: the visible checks that a version does not pass. Versions that fail none are left
            out.
    """
    boxes: dict[str, bytes] = {}
    owners: dict[str, set[str]] = {}
    wanted: set[str] = set()

    @cache  # a version explains the replies of others, too
    def fails(make_module: Callable[[], ModuleType]) -> frozenset[str]:
        return frozenset(failed_by(make_module()))

    for name, version in itertools.product(known.functions, known.versions):
        if name not in version.breaks:
            continue
        explained = known.explaining(name, known.replies(version, name))
        box = _boxed(explained.versions, fails)
        if not box:
            continue
        wanted.add(name)
        probes, replies = known.probes[name], known.replies(version, name)
        ways = ways_to_see_corners(probes, replies, theirs=True)
        for corners in ways if explained.in_corners else LEFT_OUT:
            for key in itertools.islice(make_keys(name, probes, replies, corners), 1):
                place = name_place(key)
                owners.setdefault(place, set()).add(box[0].mistake.id)
                boxes[place] = turn_key(key, write_box(box))
    probes_of = {name: known.probes[name] for name in known.functions if name in wanted}
    single = {place: boxes[place] for place in sorted(boxes) if len(owners[place]) == 1}
    return write_file(called, probes_of, single)


def _boxed(
    versions: Sequence[Version], fails: Callable[[Callable[[], ModuleType]], frozenset[str]]
) -> list[OpenedMistake]:
    """The content of the box of these versions; empty if no visible check shows their mistake."""
    opened = {OpenedMistake(it.mistake, it.breaks, fails(it.make_module)) for it in versions}
    shown = [it for it in opened if it.fails]
    return sorted(shown, key=lambda it: (sorted(it.breaks), sorted(it.fails)))
