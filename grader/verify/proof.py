"""The results of `grader verify`, as plain records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.sandbox.levels import LevelChoice


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a number of things are as they should be."""

    good: int
    all: int

    @classmethod
    def count(cls, verdicts: Iterable[bool]) -> Tally:
        """Count the verdicts that are True."""
        counted = list(verdicts)
        return cls(sum(counted), len(counted))


@dataclass(slots=True)
class LessonProof:
    """The results for one lesson. A part is None if it could not be examined."""

    lesson: str
    stub: bool | None = None
    solution: Tally | None = None  # checks passed
    noticed: Tally | None = None  # known-wrong versions that lose points
    foreseen: Tally | None = None  # known-wrong versions that lose little but what students can see
    named: Tally | None = None  # known-wrong versions that get the name of their own mistake
    accepted: Tally | None = None  # right but unusual versions that earn every point
    hints: Tally | None = None  # hints that leave a step to the student
    mutants: Tally | None = None  # wrong mutants that some check notices
    equivalent: int = 0  # mutants that are right, and listed with a reason
    problems: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)  # on what is not wrong, but could be better


@dataclass(frozen=True, slots=True)
class Proof:
    """The results for a course."""

    lessons: tuple[LessonProof, ...]
    problems: tuple[str, ...]  # of the course as a whole
    isolation: LevelChoice | None = (
        None  # the level at which answers were graded, if there were any
    )

    @property
    def all_problems(self) -> list[str]:
        """All problems, each once: those of the course, then those of each lesson."""
        every = [*self.problems, *(line for lesson in self.lessons for line in lesson.problems)]
        return list(dict.fromkeys(every))

    @property
    def advice(self) -> list[str]:
        """The advice of all lessons, in order."""
        return [line for lesson in self.lessons for line in lesson.advice]
