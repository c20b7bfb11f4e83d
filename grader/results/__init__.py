"""The results of grading, as plain records.

Grading makes these records; the store, the reports and the classroom read them. Text of students in
them is cut and cleaned. They contain no object that a student's program made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from grader.results.message import Row, Rows, write

#: The explanation of a pending check.
WAITS: Final = "waits to be marked"


class Status(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"  # the stub's NotImplementedError
    PENDING = "pending"  # a written answer that nobody has marked yet; counts 0 until then
    SKIPPED = "skipped"  # an earlier check that this one builds on did not pass
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"  # the student's process ended
    UNDECIDED = "undecided"  # broke with this student's work alone; counts 0 until a person decides
    GRADER_ERROR = "grader_error"  # our fault, for everybody; costs the student nothing


#: The statuses in which no point is lost for good.
SETTLED: Final = frozenset({Status.PASSED, Status.GRADER_ERROR, Status.PENDING, Status.UNDECIDED})

#: The statuses of a check that the student's code did not pass.
WRONG: Final = frozenset({Status.FAILED, Status.TIMEOUT, Status.OUT_OF_MEMORY, Status.CRASHED})


class LessonStatus(StrEnum):
    """Whether a lesson could be graded at all."""

    GRADED = "graded"
    MISSING = "missing"  # nothing was handed in
    UNREADABLE = "unreadable"  # could not be taken in, or does not compile or import


#: A number as JSON can hold it: what is not finite is the text "nan", "inf" or "-inf".
Number = float | str


@dataclass(frozen=True, slots=True)
class Picture:
    """A small matrix that a student's function returned in a visible check, and what was expected.

    Numbers are rounded to some six digits. Where sums are checked, ``sums`` has the right ones
    along ``axis``: 1 for the sums of rows, 0 for those of columns.
    """

    got: tuple[tuple[Number, ...], ...]  # (n, m)
    expected: tuple[tuple[Number, ...], ...] | None = None  # (n, m); compared number by number
    sums: tuple[Number, ...] | None = None  # what it should add up to along `axis`
    axis: int | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The student's lines around the one where something went wrong; cut and cleaned."""

    filename: str  # "double.py", or "double.ipynb, cell 3"
    lines: tuple[tuple[int, str], ...]  # (number, text); numbers may leave lines out
    marked: int  # the number of the line to look at
    raised: bool  # it raised the exception; otherwise the function starts there


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check on one student's lesson."""

    check: str  # the test function's name
    title: str  # its docstring: what the student reads
    status: Status
    score: float
    max_score: float
    rows: Rows = ()  # its explanation; empty if it passed
    misconception: str | None = None
    hint: str | None = None
    follow_through: bool = False
    answer: str | None = None  # what the student wrote, where a person marks it
    effect: str | None = None  # of the misconception: completes "looks like …"
    picture: Picture | None = None
    excerpt: Excerpt | None = None
    undecided: str | None = None  # why a person decides about it; stays when one has decided

    @property
    def all_rows(self) -> Rows:
        """Its explanation, with the mistake that it looks like."""
        return (*self.rows, Row("looks like", self.effect)) if self.effect else self.rows

    @property
    def message(self) -> str | None:
        """The same as text; None if there is none."""
        return write(self.all_rows) or None


@dataclass(frozen=True, slots=True)
class LessonResult:
    """One student's lesson: the checks in the order in which they ran."""

    lesson: str
    status: LessonStatus
    score: float
    max_score: float
    message: str | None = None
    checks: tuple[CheckResult, ...] = ()
    late: float = 0.0  # the share of its checks' points that was taken off, from 0 to 1
    excerpt: Excerpt | None = None  # where its import stops

    @property
    def is_undecided(self) -> bool:
        """Whether one of its checks could not be graded, and a person has to decide."""
        return any(check.status is Status.UNDECIDED for check in self.checks)

    @property
    def is_whole(self) -> bool:
        """Whether no point is lost; what waits for a person, or broke on our side, is not lost."""
        return self.status is LessonStatus.GRADED and all(
            check.status in SETTLED for check in self.checks
        )


@dataclass(frozen=True, slots=True)
class StudentResult:
    """All lessons of one student, in course order."""

    student: str
    lessons: tuple[LessonResult, ...]

    @property
    def score(self) -> float:
        """Points earned over all lessons."""
        return sum(lesson.score for lesson in self.lessons)

    @property
    def is_undecided(self) -> bool:
        """Whether a person has to decide about something that could not be graded."""
        return any(lesson.is_undecided for lesson in self.lessons)

    @property
    def max_score(self) -> float:
        """Points that could be earned over all lessons."""
        return sum(lesson.max_score for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class Report:
    """One run over a class; students sorted by name."""

    course: str
    graded_at: str  # ISO 8601, UTC
    isolation: str  # the level in force
    students: tuple[StudentResult, ...]

    @property
    def to_mark(self) -> int:
        """How many written answers wait for a person."""
        return sum(
            check.status is Status.PENDING
            for student in self.students
            for lesson in student.lessons
            for check in lesson.checks
        )

    @property
    def undecided(self) -> Sequence[tuple[str, str, CheckResult]]:
        """Checks about which a person has to decide, as (student, lesson, check)."""
        return self._with_status(Status.UNDECIDED)

    @property
    def grader_errors(self) -> Sequence[tuple[str, str, CheckResult]]:
        """Checks that broke on our side for everybody, as (student, lesson, check)."""
        return self._with_status(Status.GRADER_ERROR)

    def _with_status(self, status: Status) -> Sequence[tuple[str, str, CheckResult]]:
        return [
            (student.student, lesson.lesson, check)
            for student in self.students
            for lesson in student.lessons
            for check in lesson.checks
            if check.status is status
        ]
