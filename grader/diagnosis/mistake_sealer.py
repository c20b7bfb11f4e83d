"""Makes the file of a lesson's sealed mistakes for students; see :mod:`.sealed_mistakes`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from types import ModuleType

from grader.checks.course_checks import LessonChecks
from grader.checks.reference import ReferenceCallee
from grader.course import Course, Lesson
from grader.diagnosis.known_mistakes import KnownMistakes, Version
from grader.diagnosis.probes import Probe
from grader.diagnosis.reply_keys import hash_probes, make_keys
from grader.diagnosis.sealed_mistakes import OpenedMistake, SealedFile


def seal_lesson(
    course: Course, lesson: Lesson, checks: LessonChecks, references: Mapping[str, ModuleType]
) -> bytes | None:
    """The file with a lesson's sealed mistakes; None if it has no known mistakes.

    Only mistakes that a visible check shows are in it.

    Args:
        course: whole, with its solutions.
        lesson: of the course.
        checks: those of the lesson, at least the visible ones.
        references: the solution of each lesson, by id.
    """
    visible = [check for check in checks.checks if not check.hidden]
    callee = ReferenceCallee(references[lesson.id], keeps_calls=True)
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
) -> bytes:
    """The file for students: probes, and boxes that only the mistakes themselves open.

    Args:
        known: the mistakes of the lesson.
        called: the functions that each visible check calls.
        failed_by: the visible checks that a version does not pass. Versions that fail none are left
            out.
    """
    fails: dict[Version, frozenset[str]] = {}

    def open_(version: Version) -> OpenedMistake:
        alone = version.parts or (version,)  # to run the checks on each pair would take minutes
        for part in alone:
            if part not in fails:
                fails[part] = frozenset(failed_by(part.make_module()))
        failing = frozenset[str]().union(*(fails[part] for part in alone))
        return OpenedMistake(version.mistakes, version.breaks, failing)

    boxes: dict[bytes, set[OpenedMistake]] = {}
    wanted: dict[str, Sequence[Probe]] = {}
    for name in known.functions:
        asked = hash_probes(name, known.probes[name])
        for version in known.breaking(name):
            replies = known.digests(version, name)
            if replies is None or (version.parts and name != _first_broken(known, version)):
                continue
            explained = known.explaining(name, replies)
            if versions := {version for version in map(open_, explained.versions) if version.fails}:
                wanted[name] = known.probes[name]
                corners = replies.known_corners if explained.in_corners else None
                for key in make_keys(asked, replies, corners):
                    boxes.setdefault(key, set()).update(versions)
    file = SealedFile(called, known.functions, wanted, {}, {})
    for key, sharing in boxes.items():
        if len({version.mistake.id for version in sharing}) == 1:
            file.put(key, sorted(sharing, key=_in_order))
    return file.encode()


def _first_broken(known: KnownMistakes, version: Version) -> str:
    """The first function that several mistakes break. In later ones, they need no box."""
    return next(
        function
        for function in known.functions
        if all(function in part.breaks for part in version.parts)
    )


def _in_order(opened: OpenedMistake) -> tuple[str, list[str], list[str]]:
    return opened.mistake.effect, sorted(opened.breaks), sorted(opened.fails)
