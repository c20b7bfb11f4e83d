"""Figures of a class: how hard each check is, how well it tells students apart, which mistakes.

The figures are those of classical test theory. A check's *difficulty* p is the mean fraction of its
points that students who tried it earned; so a check with a high p is easy. Its *discrimination* r
is the correlation of that fraction with the student's points for all other checks (the corrected
item-total correlation; for right-or-wrong checks, the corrected point-biserial one).

Sources: L. Crocker and J. Algina, *Introduction to Classical and Modern Test Theory* (1986),
chapter 14; S. Henrysson, "Correction of item-total correlations in item analysis", *Psychometrika*
28 (1963), 211-218.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from grader.results import CheckResult, LessonResult, LessonStatus, Report, Status, StudentResult

#: With fewer students, a correlation means nothing.
MIN_STUDENTS: Final = 5
BINS: Final = 10

#: The statuses that say nothing about how hard a check is: not tried, not marked, not graded.
_UNTRIED: Final = frozenset(
    {Status.NOT_ATTEMPTED, Status.PENDING, Status.UNDECIDED, Status.GRADER_ERROR}
)


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """How one check went."""

    lesson: str
    check: str
    title: str
    tried: int  # students
    statuses: Mapping[Status, int]
    difficulty: float | None  # p, from 0 (nobody earns a point) to 1; None when nobody tried
    discrimination: float | None  # r, from -1 to 1; None for few students, or when all did alike
    unexplained: int  # students who failed it without a known mistake


@dataclass(frozen=True, slots=True)
class MisconceptionFigures:
    """Who holds a misconception."""

    lesson: str
    id: str
    effect: str  # completes "looks like …"
    hint: str  # the first step: a question
    titles: tuple[str, ...]  # of the checks that fail because of it
    students: tuple[str, ...]
    handed_in: int  # students who handed in that lesson

    @property
    def share(self) -> float:
        """The part of those who handed in, from 0 to 1."""
        return len(self.students) / self.handed_in


@dataclass(frozen=True, slots=True)
class LessonFigures:
    """How one lesson went, by those who handed in a file that could be graded."""

    lesson: str
    max_score: float
    graded: int
    mean: float
    full_marks: int  # students with all points
    no_points: int  # students without a point
    bins: tuple[int, ...]  # students by tenths of the points
    untouched: tuple[str, ...]  # students who handed it in as it was given out
    missing: tuple[tuple[str, str | None], ...]  # (student, what was there instead)
    unreadable: tuple[tuple[str, str], ...]  # (student, why)


@dataclass(frozen=True, slots=True)
class Analysis:
    """The figures of a class."""

    lessons: tuple[LessonFigures, ...]
    checks: tuple[CheckFigures, ...]
    misconceptions: tuple[MisconceptionFigures, ...]  # most students first
    totals: tuple[float, ...]  # points, in the order of the students
    shares: tuple[float, ...]  # of what each of them could earn, from 0 to 1
    max_total: float  # of the student who could earn most
    is_mixed: bool  # whether students could earn more or less, because they have other parts
    bins: tuple[int, ...]  # students by tenths of what they could earn
    absent: tuple[str, ...]  # students who handed in nothing at all
    to_mark: tuple[tuple[str, str, str], ...]  # (student, lesson, question)
    undecided: tuple[tuple[str, str, str], ...]  # (student, lesson, check)
    #: (student, lesson, check, points): what follow-through gave.
    followed_through: tuple[tuple[str, str, str, float], ...]
    broken_checks: tuple[tuple[str, str, str, int], ...]  # (lesson, check, reason, students)

    @property
    def mean(self) -> float:
        """Points of the average student; 0 for an empty class."""
        return statistics.fmean(self.totals) if self.totals else 0.0

    @property
    def median(self) -> float:
        """Points of the student in the middle; 0 for an empty class."""
        return statistics.median(self.totals) if self.totals else 0.0

    @property
    def mean_share(self) -> float:
        """The share of the average student, from 0 to 1; 0 for an empty class."""
        return statistics.fmean(self.shares) if self.shares else 0.0

    @property
    def median_share(self) -> float:
        """The share of the student in the middle, from 0 to 1; 0 for an empty class."""
        return statistics.median(self.shares) if self.shares else 0.0

    @property
    def hardest(self) -> list[CheckFigures]:
        """Checks that students fail without a known mistake; the most such students first."""
        hard = [check for check in self.checks if check.unexplained]  # so it was tried, and has a p
        return sorted(hard, key=lambda check: (-check.unexplained, check.difficulty))


def analyse(report: Report) -> Analysis:
    """Work out the figures of a class."""
    # Students with most lessons come first: the lessons of each are in the course's order.
    by_length = sorted(report.students, key=lambda student: -len(student.lessons))
    order = list(
        dict.fromkeys(lesson.lesson for student in by_length for lesson in student.lessons)
    )
    by_lesson = {
        name: [
            (s, result) for s in report.students for result in s.lessons if result.lesson == name
        ]
        for name in order
    }
    totals = tuple(student.score for student in report.students)
    maxima = {student.max_score for student in report.students}
    max_total = max(maxima, default=0.0)
    shares = tuple(
        student.score / student.max_score if student.max_score else 0.0
        for student in report.students
    )
    return Analysis(
        lessons=tuple(_lesson(name, results) for name, results in by_lesson.items()),
        checks=tuple(
            check
            for name, results in by_lesson.items()
            for check in _checks(name, results, max_total)
        ),
        misconceptions=_misconceptions(by_lesson),
        totals=totals,
        shares=shares,
        max_total=max_total,
        is_mixed=len(maxima) > 1,
        bins=_bins(shares, 1.0),
        absent=tuple(s.student for s in report.students if _is_absent(s)),
        to_mark=tuple(
            (student.student, lesson.lesson, check.check)
            for student in report.students
            for lesson in student.lessons
            for check in lesson.checks
            if check.status is Status.PENDING
        ),
        undecided=tuple((name, lesson, result.check) for name, lesson, result in report.undecided),
        followed_through=tuple(
            (student.student, lesson.lesson, check.check, check.score)
            for student in report.students
            for lesson in student.lessons
            for check in lesson.checks
            if check.follow_through
        ),
        broken_checks=_broken_checks(report),
    )


def is_untouched(lesson: LessonResult) -> bool:
    """Whether the lesson was handed in as it was given out."""
    return bool(lesson.checks) and all(
        check.status is Status.NOT_ATTEMPTED for check in lesson.checks
    )


def _is_absent(student: StudentResult) -> bool:
    """Whether nothing at all was handed in."""
    return all(lesson.status is LessonStatus.MISSING for lesson in student.lessons)


_Results = Sequence[tuple[StudentResult, LessonResult]]


def _lesson(name: str, results: _Results) -> LessonFigures:
    graded = [result for _, result in results if result.status is LessonStatus.GRADED]
    scores = [result.score for result in graded]
    most = max((result.max_score for _, result in results), default=0.0)
    return LessonFigures(
        lesson=name,
        max_score=most,
        graded=len(graded),
        mean=statistics.fmean(scores) if scores else 0.0,
        full_marks=sum(result.score >= result.max_score for result in graded),
        no_points=sum(result.score == 0 for result in graded),
        bins=_bins(scores, most),
        untouched=tuple(
            s.student
            for s, result in results
            if result.status is LessonStatus.GRADED and is_untouched(result)
        ),
        missing=tuple(
            (s.student, result.message)
            for s, result in results
            if result.status is LessonStatus.MISSING
        ),
        unreadable=tuple(
            (s.student, result.message or "")
            for s, result in results
            if result.status is LessonStatus.UNREADABLE
        ),
    )


def _bins(scores: Iterable[float], most: float) -> tuple[int, ...]:
    """Students by tenths of the points; full marks are in the last."""
    counts = [0] * BINS
    for score in scores:
        share = score / most if most else 0.0
        counts[min(int(share * BINS + 1e-9), BINS - 1)] += 1
    return tuple(counts)


@dataclass(slots=True)
class _Tally:
    first: CheckResult
    fractions: list[float] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)
    statuses: Counter[Status] = field(default_factory=Counter)
    unexplained: int = 0


def _checks(name: str, results: _Results, max_total: float) -> list[CheckFigures]:
    tallies: dict[str, _Tally] = {}
    for student, lesson in results:
        # A student with one part alone counts as if the other parts had gone equally well.
        scale = max_total / student.max_score if student.max_score else 1.0
        for check in lesson.checks:
            tally = tallies.setdefault(check.check, _Tally(check))
            tally.statuses[check.status] += 1
            if check.status in _UNTRIED:
                continue
            passed = float(check.status is Status.PASSED)
            tally.fractions.append(check.score / check.max_score if check.max_score else passed)
            tally.rests.append((student.score - check.score) * scale)
            failed = check.status not in {Status.PASSED, Status.SKIPPED} and check.answer is None
            tally.unexplained += failed and check.misconception is None
    return [
        CheckFigures(
            lesson=name,
            check=tally.first.check,
            title=tally.first.title,
            tried=len(tally.fractions),
            statuses=tally.statuses,
            difficulty=statistics.fmean(tally.fractions) if tally.fractions else None,
            discrimination=_correlation(tally.fractions, tally.rests),
            unexplained=tally.unexplained,
        )
        for tally in tallies.values()
    ]


def _correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Pearson's r; None where it is not defined, or of too few."""
    if len(one) < MIN_STUDENTS:
        return None
    try:
        return statistics.correlation(one, other)
    except statistics.StatisticsError:  # all alike
        return None


def _misconceptions(by_lesson: Mapping[str, _Results]) -> tuple[MisconceptionFigures, ...]:
    mistakes: list[MisconceptionFigures] = []
    for name, results in by_lesson.items():
        handed_in = sum(result.status is LessonStatus.GRADED for _, result in results)
        holders: dict[str, dict[str, None]] = {}  # students by id, in order
        titles: dict[str, dict[str, None]] = {}
        first: dict[str, CheckResult] = {}
        for student, lesson in results:
            for check in lesson.checks:
                if check.misconception is not None:
                    first.setdefault(check.misconception, check)
                    holders.setdefault(check.misconception, {})[student.student] = None
                    titles.setdefault(check.misconception, {})[check.title] = None
        mistakes += [
            MisconceptionFigures(
                lesson=name,
                id=id_,
                effect=check.effect or id_,
                hint=check.hint or "",
                titles=tuple(titles[id_]),
                students=tuple(holders[id_]),
                handed_in=handed_in,
            )
            for id_, check in first.items()
        ]
    return tuple(sorted(mistakes, key=lambda held: -len(held.students)))


def _broken_checks(report: Report) -> tuple[tuple[str, str, str, int], ...]:
    counts = Counter(
        (lesson, check.check, check.message or "") for _, lesson, check in report.grader_errors
    )
    return tuple((*key, count) for key, count in counts.items())
