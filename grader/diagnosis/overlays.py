"""Known answers: versions of a lesson that are known to be wrong, or to be right but unusual.

Each is a file in ``tests/lessons/misconceptions/<lesson>/`` or ``tests/lessons/accepted/<lesson>/``
with code that is laid over the solution: appended to it, so that its functions take the place of
those of the same name, and may use all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.course import Course, Lesson, read_text


@dataclass(frozen=True, slots=True)
class Overlay:
    """One known answer. A known-wrong one is called ``<misconception>[__<variant>].py``."""

    lesson: str
    path: Path
    text: str  # its own code; see laid_over

    @property
    def misconception(self) -> str:
        """The id of the misconception that a known-wrong version shows."""
        return self.path.stem.partition("__")[0]

    @property
    def is_variant(self) -> bool:
        """Whether it is another coding of a misconception that has a file of its own."""
        return "__" in self.path.stem


def known_wrong(course: Course, lesson: Lesson) -> list[Overlay]:
    """The known-wrong versions of the lesson, by name. Raises CourseError if one is unreadable."""
    return _overlays(course, lesson, lesson.misconceptions)


def accepted(course: Course, lesson: Lesson) -> list[Overlay]:
    """The right but unusual versions, by name. Raises CourseError if one cannot be read."""
    return _overlays(course, lesson, lesson.accepted)


def laid_over(solution_text: str, overlay_text: str) -> str:
    """The lesson in which the overlay's functions have taken the place of the solution's."""
    return f"{solution_text.rstrip()}\n\n\n{overlay_text}"


def _overlays(course: Course, lesson: Lesson, folder: Path) -> list[Overlay]:
    return [
        Overlay(lesson.id, path, read_text(path, course.shown(path)))
        for path in sorted(folder.glob("*.py"))
    ]
