"""A course as its ``course.yaml`` describes it.

Reading goes in three steps: YAML to plain values, plain values to records (both in
:mod:`grader.course.yaml_file`), records to a course without contradictions. A step reports all
problems that it finds; the next one starts only if there are none.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import msgspec

from grader.course.contradictions import find_contradictions
from grader.course.data_files import read_data
from grader.course.lesson import Lesson, LessonEntry, Written
from grader.course.originals import unpack_originals
from grader.course.part_problems import part_place, part_problems
from grader.course.settings import Limits, Show, Text, Version
from grader.course.yaml_file import (
    COURSE_FILE,
    convert,
    is_file,
    lesson_place,
    list_choices,
    plain_values,
    read_text,
)
from grader.errors import CourseError
from grader.results.feedback import Feedback
from grader.results.late import Late
from grader.results.parts import Part
from grader.sandbox.levels import SandboxLimits


class _CourseFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """course.yaml as a whole; its parts are converted one by one, so that each reports problems."""

    id: Text
    title: Text
    lessons: tuple[Any, ...]
    parts: tuple[Any, ...] = ()
    packages: tuple[str, ...] = ()
    feedback: Feedback = Feedback.FULL
    limits: Any = {}  # msgspec copies an empty default
    late: Any = None
    show: Any = {}
    python: Version | None = None
    released: bool = False
    imported: bool = False
    stop_cell_at_error: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """A course without contradictions: every lesson has a solution and at least one check file.

    A *released* course is the students' copy, without solutions and hidden checks.
    """

    root: Path  # absolute; the folder that holds course.yaml
    id: str
    title: str
    packages: tuple[str, ...]  # that student code may import beside the standard library
    limits: Limits
    lessons: tuple[Lesson, ...]  # in teaching order: a lesson requires only earlier ones
    feedback: Feedback = Feedback.FULL  # how much of their results students see
    late: Late | None = None  # the penalty for late work
    show: Show = field(default_factory=Show)
    released: bool = False
    python: str | None = None  # the Python that grades, "3.11"; that of `grader release` if unset
    parts: tuple[Part, ...] = ()  # each lesson is in one, in teaching order; or there are none
    imported: bool = False  # its checks come from elsewhere: `verify` advises where they are weak
    stop_cell_at_error: bool = False  # of a notebook, as a kernel does; else what is below it runs

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the course in `folder`. Raises CourseError with one line per problem."""
        root = folder.resolve()
        problems: list[str] = []
        top = convert(
            plain_values(read_text(root / COURSE_FILE, COURSE_FILE)), _CourseFile, "", problems
        )
        if top is None:
            raise CourseError("\n".join(problems))
        if top.released:
            unpack_originals(root)
        limits = convert(top.limits, Limits, "limits", problems)
        late = None if top.late is None else convert(top.late, Late, "late", problems)
        show = convert(top.show, Show, "show", problems)
        entries = [
            lesson
            for i, entry in enumerate(top.lessons)
            if (lesson := _lesson(entry, lesson_place(i, entry), root, problems))
        ]
        opens_data = any(lesson.data for lesson in entries)
        lessons = tuple(
            msgspec.structs.replace(lesson, released=top.released, opens_data=opens_data)
            for lesson in entries
        )
        parts = tuple(
            part
            for i, entry in enumerate(top.parts)
            if (part := convert(entry, Part, part_place(i, entry), problems))
        )
        if limits is None or show is None or problems:
            raise CourseError("\n".join(problems))
        problems += find_contradictions(top.packages, limits, late, show, lessons)
        problems += part_problems(parts, lessons)
        if problems:
            raise CourseError("\n".join(problems))
        return cls(
            root, top.id, top.title, top.packages, limits, lessons, top.feedback, late,
            show, top.released, top.python, parts, top.imported, top.stop_cell_at_error,
        )  # fmt: skip

    @property
    def lesson_ids(self) -> tuple[str, ...]:
        """The ids of the lessons, in teaching order."""
        return tuple(lesson.id for lesson in self.lessons)

    @property
    def python_version(self) -> tuple[int, int]:
        """The Python that grades; the one that runs this, unless the course says another."""
        if self.python is None:
            return sys.version_info[:2]
        major, minor = self.python.split(".")
        return int(major), int(minor)

    @property
    def module_paths(self) -> dict[str, tuple[str, ...]]:
        """The paths of further modules from their lesson, by lesson; of those that have some."""
        return {lesson.id: tuple(lesson.modules) for lesson in self.lessons if lesson.files}

    def shown(self, path: Path) -> str:
        """A path of the course for messages: relative to the course's folder."""
        return path.relative_to(self.root).as_posix()

    def must_be_whole(self) -> None:
        """Raises CourseError when this is a students' copy, without solutions or hidden checks."""
        if self.released:
            raise CourseError(
                f"{self.root} is the students' copy of a course, without solutions and hidden "
                "checks. Do this with the course itself: `grader --course DIR …`."
            )

    def part(self, name: str) -> Part:
        """The part with this id, or this number. Raises CourseError, which names the parts."""
        numbered = {str(i): part for i, part in enumerate(self.parts, start=1)}
        parts = {**numbered, **{part.id: part for part in self.parts}}
        if name not in parts:
            if not parts:
                raise CourseError("this course has no parts: course.yaml has no `parts:`")
            choices = list_choices(name, [part.id for part in self.parts], "parts")
            raise CourseError(f"no part is called `{name}`{choices}")
        return parts[name]

    def through(self, part: Part) -> Self:
        """The course up to the end of a part: its lessons, and the earlier ones that it builds on.

        A part may use the functions of any earlier lesson.
        """
        parts = self.parts[: self.parts.index(part) + 1]
        kept = {lesson for part in parts for lesson in part.lessons}
        lessons = tuple(lesson for lesson in self.lessons if lesson.id in kept)
        return replace(self, lessons=lessons, parts=parts)

    def with_required(self, lesson: Lesson) -> tuple[Lesson, ...]:
        """A lesson and the lessons that it builds on, in teaching order."""
        wanted = {lesson.id}
        for other in reversed(self.lessons):
            if other.id in wanted:
                wanted.update(other.requires)
        return tuple(other for other in self.lessons if other.id in wanted)

    def lesson(self, lesson_id: str) -> Lesson:
        """The lesson with this id. Raises CourseError, which names the lessons."""
        lessons = {lesson.id: lesson for lesson in self.lessons}
        if lesson_id not in lessons:
            choices = list_choices(lesson_id, lessons, "lessons")
            raise CourseError(f"no lesson is called `{lesson_id}`{choices}")
        return lessons[lesson_id]


def find_course(start: Path) -> Path:
    """The nearest folder from `start` upwards with a course.yaml. Raises CourseError if none."""
    for folder in (start.resolve(), *start.resolve().parents):
        if is_file(folder / COURSE_FILE):
            return folder
    raise CourseError(
        f"no course is here: neither {start.resolve()} nor a folder above it holds a "
        f"{COURSE_FILE}.\n"
        "Go to the folder of your course, or name it: `grader --course DIR …`."
    )


def _lesson(entry: object, at: str, root: Path, problems: list[str]) -> Lesson | None:
    """An entry below ``lessons:`` as a record; None after adding to `problems`."""
    lesson = convert(entry, LessonEntry, at, problems)
    if lesson is None:
        return None
    questions = (
        convert(question, Written, f"{at}.written[{i}]", problems)
        for i, question in enumerate(lesson.written)
    )
    written = tuple(question for question in questions if question is not None)
    return Lesson(**msgspec.structs.asdict(lesson) | {"root": root, "written": written})


def sandbox_limits(course: Course) -> SandboxLimits:
    """The limits of every call and lesson."""
    return course.limits.for_sandbox()


def sandbox_data(course: Course) -> dict[str, bytes]:
    """The data files that student code may open, by their paths from a lesson's file.

    Raises:
        CourseError: one cannot be read.
    """
    return read_data(course.lessons)


def sandbox_packages(course: Course) -> tuple[str, ...]:
    """What student code may import, by import name."""
    return tuple(dict.fromkeys(["numpy", *course.packages]))  # numpy: the wire format needs it
