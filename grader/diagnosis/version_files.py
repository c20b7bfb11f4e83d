"""Versions of a lesson whose marks are known: wrong ones, and right ones that are unusual.

Each is a file in ``misconceptions/<lesson>/`` or ``accepted/<lesson>/`` below ``tests/lessons/``.
Its functions replace those of the solution that have the same name, and may call all the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

from grader.course import Course, Lesson, read_text
from grader.course.module_files import FurtherModules, importable_modules
from grader.errors import CourseError
from grader.sandbox.data_folder import beside_data, put_beside_data


@dataclass(frozen=True, slots=True)
class VersionFile:
    """The file of one version. That of a wrong one is called ``<mistake>[__<anything>].py``."""

    lesson: str
    path: Path
    text: str

    @property
    def mistake(self) -> str:
        """The id of the mistake that a wrong version makes."""
        return self.path.stem.partition("__")[0]

    @property
    def is_other_coding(self) -> bool:
        """Whether it is other code with a mistake that has a file of its own."""
        return "__" in self.path.stem


def read_wrong_versions(course: Course, lesson: Lesson) -> list[VersionFile]:
    """The wrong versions of a lesson, by name.

    Raises:
        CourseError: one of them cannot be read.
    """
    return _read_folder(course, lesson, lesson.misconceptions)


def read_accepted_versions(course: Course, lesson: Lesson) -> list[VersionFile]:
    """The right but unusual versions of a lesson, by name.

    Raises:
        CourseError: one of them cannot be read.
    """
    return _read_folder(course, lesson, lesson.accepted)


def replace_functions(solution_text: str, version_text: str) -> str:
    """The whole lesson, with the functions of a version in the place of the solution's."""
    return f"{solution_text.rstrip()}\n\n\n{version_text}"


def _read_folder(course: Course, lesson: Lesson, folder: Path) -> list[VersionFile]:
    return [
        VersionFile(lesson.id, path, read_text(path, course.shown(path)))
        for path in sorted(folder.glob("*.py"))
    ]


class VersionLoader:
    """Executes versions of a lesson, in this process."""

    def __init__(
        self, course: Course, lesson: Lesson, references: Mapping[str, ModuleType]
    ) -> None:
        """Compile the solution.

        Args:
            course: the lesson's.
            lesson: whose versions are executed.
            references: the solution of each lesson, by id.

        Raises:
            CourseError: the solution cannot be read, or does not compile.
        """
        self._course = course
        self._lesson = lesson
        self._references = references
        text = read_text(lesson.solution, course.shown(lesson.solution))
        self._solution = self._compile(text, lesson.solution)

    def load(self, version: VersionFile) -> ModuleType:
        """A module of the solution, with the version's functions in the place of its own.

        Raises:
            CourseError: the version does not compile, or stops while it is executed.
        """
        code = self._compile(version.text, version.path)
        module = empty_module(self._lesson)
        with (
            importable_modules({**self._references, self._lesson.id: module}),
            beside_data(module),
        ):
            try:
                exec(self._solution, vars(module))  # noqa: S102  (the course's own code)
                exec(code, vars(module))  # noqa: S102
                FurtherModules(self._lesson).lend_names(module, self._references)
            except Exception as error:
                raise CourseError(
                    f"{self._course.shown(version.path)}: cannot be laid over the solution "
                    f"({type(error).__name__}: {error})"
                ) from error
        return module

    def _compile(self, text: str, path: Path) -> CodeType:
        try:
            return compile(text, str(path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            raise CourseError(f"{self._course.shown(path)}: does not compile ({error})") from None


def empty_module(lesson: Lesson) -> ModuleType:
    """A module for a version of a lesson. Like an imported one, it knows the solution's file."""
    module = ModuleType(lesson.id)
    module.__file__ = str(lesson.solution)
    put_beside_data(module, lesson.data_folder)
    return module
