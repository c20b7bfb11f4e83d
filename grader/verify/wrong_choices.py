"""The versions of a lesson in which one choice is wrong: each file and each step of an author's.

They are executed in this process, as the course's own code. That takes milliseconds, where handing
them in takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import ModuleType

from grader.course import Course, Lesson, read_text
from grader.diagnosis.variants import read_variants
from grader.diagnosis.version_files import (
    VersionLoader,
    read_accepted_versions,
    read_wrong_versions,
)


@dataclass(frozen=True, slots=True)
class WrongChoice:
    """A lesson with one wrong choice in it."""

    mistake: str  # its id
    name: str  # of its file, or of its step
    where: str  # it stands
    is_step: bool  # and no file
    make_module: Callable[[], ModuleType]


def wrong_choices(
    course: Course, lesson: Lesson, references: Mapping[str, ModuleType]
) -> Iterator[WrongChoice]:
    """All of them: the files first, then the steps.

    Raises:
        CourseError: a file cannot be read or executed.
    """
    loader = VersionLoader(course, lesson, references)
    for file in read_wrong_versions(course, lesson):
        make = partial(loader.load, file)
        yield WrongChoice(file.mistake, file.path.stem, course.shown(file.path), False, make)
    variants = read_variants(course, lesson, references)
    if variants is not None:
        for wrong in variants.wrong_steps:
            make = partial(variants.module_of, wrong)
            where = f"{variants.where}: {wrong.name}"
            yield WrongChoice(wrong.mistake, wrong.name, where, True, make)


def count_choices(course: Course, lesson: Lesson) -> int:
    """How many there are, at least roughly: nothing is executed. Raises CourseError."""
    steps = 0
    if lesson.variants.is_file():
        steps = read_text(lesson.variants, course.shown(lesson.variants)).count("\n@instead_of(")
    return len(read_wrong_versions(course, lesson)) + steps


def accepted_modules(
    course: Course, lesson: Lesson, references: Mapping[str, ModuleType]
) -> list[ModuleType]:
    """The right but unusual versions of a lesson. Raises CourseError: one cannot be executed."""
    loader = VersionLoader(course, lesson, references)
    return [loader.load(file) for file in read_accepted_versions(course, lesson)]
