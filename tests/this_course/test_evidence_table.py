"""What the values of each known mistake say for themselves, and of right code: nothing.

``evidence.txt`` has what is said, and of which mistakes, each in the first function that it breaks.
Write it anew with ``GOLDEN=write``, and read what changed: words that mislead whoever made the
mistake below them are a fault.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import pytest
from places import REPOSITORY

from grader.checks.reference import ReferenceCallee, quiet
from grader.course import Course, Lesson
from grader.diagnosis.known_mistakes import KnownMistakes
from grader.diagnosis.version_files import VersionLoader, read_accepted_versions
from grader.grading.grading_process import load_references
from grader.sandbox.faults import build_raised
from grader.sandbox.replies import Returned

TABLE: Final = REPOSITORY / "tests" / "this_course" / "evidence.txt"
COURSE: Final = Course.load(REPOSITORY)
REFERENCES: Final = load_references(COURSE)


class StudentCallee(ReferenceCallee):
    """Calls a version as if a student had handed it in."""

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        try:
            return super().call(function, *args, **kwargs)
        except Exception as error:  # noqa: BLE001  (a version may raise anything)
            builtin = next(it for it in type(error).__mro__ if it.__module__ == "builtins")
            name = builtin.__name__
            raise build_raised(type(error).__name__, name, str(error), None) from None


@pytest.fixture(scope="module")
def known() -> dict[str, KnownMistakes]:
    """The known mistakes of each lesson."""
    return {it.id: KnownMistakes(COURSE, it, REFERENCES, ()) for it in COURSE.lessons}


def said_of(known: KnownMistakes, function: str, module: Any) -> str | None:
    with quiet():
        return known.evidence(function, StudentCallee(module))


def accepted_versions(lesson: Lesson) -> Iterator[tuple[str, Any]]:
    loader = VersionLoader(COURSE, lesson, REFERENCES)
    for file in read_accepted_versions(COURSE, lesson):
        yield file.path.name, loader.load(file)


@pytest.mark.slow
@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda it: it.id)
def test_nothing_is_said_of_right_code(known: dict[str, KnownMistakes], lesson: Lesson) -> None:
    for name, module in accepted_versions(lesson):
        for function in known[lesson.id].functions:
            assert said_of(known[lesson.id], function, module) is None, (name, function)


@pytest.mark.slow
def test_the_evidence_for_each_known_mistake_is_as_the_table_says(
    known: dict[str, KnownMistakes],
) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for lesson, mistakes in known.items():
        one_each = {it.mistake.id: it for it in reversed(mistakes.versions)}
        for version in one_each.values():
            module = version.make_module()
            function = next(it for it in mistakes.functions if it in version.breaks)
            if said := said_of(mistakes, function, module):
                found[said].append(f"    {lesson}: {function}: {version.mistake.id}")
    lines = [line for said in sorted(found) for line in (said, *sorted(found[said]))]
    if os.environ.get("GOLDEN") == "write":
        TABLE.write_text("\n".join(lines) + "\n", "utf-8")
    assert lines == TABLE.read_text("utf-8").splitlines()
