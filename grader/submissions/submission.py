"""The records of what one student handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.results import LessonResult


@dataclass(frozen=True, slots=True)
class Source:
    r"""One lesson's program as text: encodable as UTF-8, lines ended by ``\n``, no NUL."""

    filename: str  # as handed in, e.g. "double.ipynb"
    cells: tuple[str, ...]  # a script is one cell; a notebook has one per code cell, in order
    notebook: bool
    note: str | None = None  # something the student should be told
    #: The further modules that were handed in with it, by their paths from the lesson.
    modules: Mapping[str, str] = field(default_factory=dict)
    #: Those that were not, or cannot be read, each with the reason: ``was not handed in``.
    absent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A lesson that was handed in but cannot be taken in."""

    reason: str  # in words, for the student; cleaned


@dataclass(frozen=True, slots=True)
class Misnamed:
    """No file has the lesson's name, but one has a similar name."""

    hint: str  # what is there and what would count, for the student; cleaned


HandedIn = Source | Unreadable | Misnamed


@dataclass(frozen=True, slots=True)
class EarlierResult:
    """A lesson's result from an earlier run. It is valid while the same imports lose marks."""

    result: LessonResult
    incomplete: tuple[str, ...]  # the lessons that it can import and that had lost marks


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in."""

    student: str  # encodable as UTF-8; otherwise whatever the folder is called
    lessons: Mapping[str, HandedIn]  # in course order; a missing lesson has no entry
    earlier: Mapping[str, EarlierResult] = field(default_factory=dict)  # by lesson
    naming: bool = True  # whether the mistakes in it are named
