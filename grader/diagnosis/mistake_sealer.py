"""Makes the file of a lesson's known mistakes for a student's own copy; see :mod:`.sealed`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from types import ModuleType

from grader.checks.course_checks import LessonChecks
from grader.checks.reference import ReferenceCallee
from grader.course import Course, Lesson
from grader.diagnosis.known_mistakes import KnownMistakes, Version
from grader.diagnosis.sealed_mistakes import (
    LEFT_OUT,
    Opened,
    make_keys,
    name_place,
    turn_key,
    ways_to_see_corners,
    write_box,
    write_file,
)


def seal_lesson(
    course: Course, lesson: Lesson, checks: LessonChecks, references: Mapping[str, ModuleType]
) -> str | None:
    """The file of a lesson's known mistakes, as its visible checks show them; None without any.

    Args:
        course: whole, with its solutions.
        lesson: of the course.
        checks: at least its visible ones.
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
    return seal(known, called, partial(checks.failed_by, checks=visible))


def seal(
    known: KnownMistakes,
    called: Mapping[str, Sequence[str]],
    failed_by: Callable[[ModuleType], Collection[str]],
) -> str:
    """The file for students: probes, and boxes that only the mistakes themselves open.

    Args:
        known: the mistakes of the lesson.
        called: which functions each check calls that students have.
        failed_by: which of these checks a version does not pass. What fails none is left out.
    """
    boxes: dict[str, bytes] = {}
    owners: dict[str, set[str]] = {}
    wanted: set[str] = set()
    for name, version in itertools.product(known.functions, known.versions):
        if name not in version.breaks:
            continue
        explained = known.explaining(name, known.replies(version, name))
        box = _boxed(explained.versions, failed_by)
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
    versions: Sequence[Version], failed_by: Callable[[ModuleType], Collection[str]]
) -> list[Opened]:
    """What is told of the one mistake of these versions; nothing if no check would ever show it."""
    told = {
        Opened(it.mistake, it.breaks, frozenset(failed_by(it.make_module()))) for it in versions
    }
    shown = [it for it in told if it.fails]
    return sorted(shown, key=lambda it: (sorted(it.breaks), sorted(it.fails)))
