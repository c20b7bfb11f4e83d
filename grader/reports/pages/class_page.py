"""The class page: what to teach again, how good the checks are, and whom to ask.

A large class has further pages, which hold the rows of further students.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from grader.reports.pages.templating import Titles, fingerprint, render, short_title
from grader.reports.statuses import LOOKS
from grader.results import LessonResult, LessonStatus, Report, Status, StudentResult
from grader.results.changes import compare
from grader.results.class_figures import (
    MIN_STUDENTS,
    Analysis,
    CheckFigures,
    LessonFigures,
    analyse,
)
from grader.results.parts import only_part
from grader.text.wording import format_points, list_some

#: The file of the class page.
CLASS_PAGE: Final = "report.html"

_MOST_ROWS: Final = 1000  # students on a page: some 0.8 MB, which a browser shows at once
_MOST_NAMES: Final = 200  # in one list
_MAX_HARD: Final = 6
_MAX_CARDS: Final = 6  # more than one lesson can teach again
_STRIP: Final = 420  # pixels that a row of checks may take
_GAP: Final = 1  # between lessons, in checks


@dataclass(frozen=True, slots=True)
class Row:
    """A student's line of the heat map."""

    student: str
    score: float
    cells: list[str]  # a lesson each
    paths: list[tuple[str, str]]  # (kind, SVG path)
    summary: str  # for people who do not see the strip


@dataclass(frozen=True, slots=True)
class Strip:
    """Where the checks lie in a row of the heat map."""

    places: dict[tuple[str, str], int]  # (lesson, check) → from the left
    spans: dict[str, tuple[int, int]]  # lesson → (from the left, checks)
    start: int  # its own place: the strips of a page follow each other
    width: int  # in checks
    unit: float  # pixels for each check

    @property
    def labels(self) -> list[tuple[float, list[str]]]:
        """For each lesson, where its name stands above its checks, and the name's words."""
        return [
            (round((start - self.start) * self.unit, 1), name.replace("_", " ").split())
            for name, (start, _) in self.spans.items()
        ]

    @property
    def pixels(self) -> float:
        """The width of a row on the page."""
        return round(self.width * self.unit, 1)


@dataclass(frozen=True, slots=True)
class Grid:
    """The heat map of a part, or of a course without parts."""

    title: str | None
    order: list[str]  # lessons
    strip: Strip
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Page:
    """The students, in the order of the report, whose rows stand in one file."""

    filename: str
    first: str
    last: str
    students: int


def class_page_names(report: Report) -> list[str]:
    """The files that the class page and the further pages of a class have, in order."""
    more = range(2, -(-len(report.students) // _MOST_ROWS) + 1)
    return [CLASS_PAGE, *(CLASS_PAGE.replace(".", f"-{number}.") for number in more)]


def class_pages(
    report: Report,
    titles: Titles,
    links: Mapping[str, str],
    before: Report | None = None,
) -> Iterator[str]:
    """The class page, then its further pages, each as one file of HTML.

    Args:
        report: the results.
        titles: of the course and its lessons.
        links: the addresses of the students' pages, by student.
        before: the results of the run before, if there was one.
    """
    analysis = analyse(report)
    order = [figures.lesson for figures in analysis.lessons]
    shared = [mistake for mistake in analysis.misconceptions if len(mistake.students) > 1][
        :_MAX_CARDS
    ]
    groups = [
        report.students[start : start + _MOST_ROWS]
        for start in range(0, max(len(report.students), 1), _MOST_ROWS)
    ]
    pages = [
        Page(name, group[0].student, group[-1].student, len(group)) if group else None
        for name, group in zip(class_page_names(report), groups, strict=True)
    ]
    stamp = fingerprint(report, titles)
    legend = _legend(report)
    for group, page in zip(groups, pages, strict=True):
        grids = _grids(replace(report, students=group), analysis, titles)
        shown: dict[str, Any] = {
            "report": report,
            "analysis": analysis,
            "course": titles.course,
            "links": links,
            "pages": pages,
            "here": page,
            "grids": grids,
            "places": {check: at for grid in grids for check, at in grid.strip.places.items()},
            "legend": legend,
            "script": "sort.js",
            "fingerprint": stamp,
        }
        if page is not pages[0]:
            yield render("more_students.html", "base.css", "class.css", **shown)
            continue
        yield render(
            "class.html",
            "base.css",
            "class.css",
            **shown,
            most_names=_MOST_NAMES,
            titles={name: titles.lesson(name) for name in order},
            advice=_advice(analysis, titles),
            shared=shared,
            others=[held for held in analysis.misconceptions if held not in shared],
            hardest=analysis.hardest[:_MAX_HARD],
            remarks={(check.lesson, check.check): remark(check) for check in analysis.checks},
            people=_people(analysis),
            changes=None if before is None else compare(before, report),
        )


def remark(figures: CheckFigures) -> str:
    """A remark for instructors on a check's figures; empty if they are ordinary.

    The bounds for r are those of R. L. Ebel (*Essentials of Educational Measurement*, 1972): below
    .2 a check says little about who knows the matter, below 0 it is likely to be wrong.
    """
    p, r = figures.difficulty, figures.discrimination
    if figures.tried < MIN_STUDENTS:
        return ""
    if r is not None and r < 0:
        return "those who do well otherwise fail it: look at this check"
    if p is not None and p < 0.5:
        return "hard"
    if r is not None and r < 0.2 and p is not None and p < 0.95:
        return "tells little"
    return ""


def _advice(analysis: Analysis, titles: Titles) -> str:
    """What to do first, in a sentence or two."""
    if not analysis.totals:
        return "Nobody was graded yet."
    most = next(iter(analysis.misconceptions), None)
    held = len(most.students) if most else 0
    parts: list[str] = []
    if most and held > 1:
        parts.append(
            f"Start with “{_title(most.lesson, titles)}”: {held} of {most.handed_in} who handed "
            f"it in share one mistake: {most.effect}."
        )
    elif most:
        parts.append("No two students share a known mistake.")
    hard = next(iter(analysis.hardest), None)
    if hard and hard.unexplained > held:
        parts.append(
            f"{'More' if held > 1 else 'Most'} students, {hard.unexplained} of {hard.tried} in "
            f"“{_title(hard.lesson, titles)}”, fail “{hard.title.rstrip('.')}” without a known "
            "mistake: read a few of their answers."
        )
    if not parts:
        return "Nothing needs to be taught again: nobody who handed in failed a check."
    return " ".join(parts)


def _title(lesson: str, titles: Titles) -> str:
    return short_title(titles.lesson(lesson))


def _grids(report: Report, analysis: Analysis, titles: Titles) -> list[Grid]:
    """A heat map for each part, if there are several; else a single one."""
    if len(titles.parts) < 2:
        return [_grid(report, analysis, analysis.lessons, None, 0)]
    grids: list[Grid] = []
    start = 0
    for part in titles.parts:
        lessons = [lesson for lesson in analysis.lessons if lesson.lesson in part.lessons]
        grids.append(_grid(only_part(report, part), analysis, lessons, part.title, start))
        start += grids[-1].strip.width + _GAP
    return grids


def _grid(
    report: Report,
    analysis: Analysis,
    lessons: Sequence[LessonFigures],
    title: str | None,
    start: int,
) -> Grid:
    strip = _strip(analysis, lessons, start)
    rows = [_row(student, strip) for student in report.students]
    return Grid(title, [lesson.lesson for lesson in lessons], strip, rows)


def _strip(analysis: Analysis, lessons: Sequence[LessonFigures], start: int) -> Strip:
    places: dict[tuple[str, str], int] = {}
    spans: dict[str, tuple[int, int]] = {}
    at = start
    for lesson in lessons:
        own = [check for check in analysis.checks if check.lesson == lesson.lesson]
        for offset, check in enumerate(own):
            places[check.lesson, check.check] = at + offset
        spans[lesson.lesson] = (at, max(len(own), 1))
        at += max(len(own), 1) + _GAP
    width = max(at - _GAP - start, 1)
    return Strip(places, spans, start, width, min(10.0, max(_STRIP / width, 2.0)))


def _row(student: StudentResult, strip: Strip) -> Row:
    runs: dict[str, list[list[int]]] = {}  # kind → [start, length]
    for lesson in student.lessons:
        if lesson.status is not LessonStatus.GRADED:
            runs.setdefault(LOOKS[lesson.status].kind, []).append([*strip.spans[lesson.lesson]])
        for check in lesson.checks:
            place = strip.places[lesson.lesson, check.check]
            mine = runs.setdefault(LOOKS[check.status].kind, [])
            if mine and sum(mine[-1]) == place:
                mine[-1][1] += 1
            else:
                mine.append([place, 1])
    paths = [
        (kind, "".join(f"M{start} 0h{length}" for start, length in spans))
        for kind, spans in runs.items()
    ]
    checks = [check.status for lesson in student.lessons for check in lesson.checks]
    passed = sum(status is Status.PASSED for status in checks)
    cells = [_cell(lesson) for lesson in student.lessons]
    summary = f"{passed} of {len(checks)} checks passed"
    return Row(student.student, student.score, cells, paths, summary)


def _cell(lesson: LessonResult) -> str:
    missing = lesson.status is LessonStatus.MISSING
    return LOOKS[lesson.status].sign if missing else format_points(lesson.score)


def _legend(report: Report) -> list[tuple[str, str]]:
    """The kinds of cells in the rows, as (kind, words); several statuses may share a kind."""
    seen: set[Status | LessonStatus] = set()
    for student in report.students:
        for lesson in student.lessons:
            if lesson.status is not LessonStatus.GRADED:
                seen.add(lesson.status)
            seen.update(check.status for check in lesson.checks)
    words: dict[str, list[str]] = {}
    for status, look in LOOKS.items():
        if status in seen:
            words.setdefault(look.kind, []).append(look.words)
    return [(kind, ", ".join(several)) for kind, several in words.items()]


@dataclass(frozen=True, slots=True)
class People:
    """A group of students to ask about the same thing."""

    heading: str
    who: list[tuple[str, str]]  # (student, a remark on this student)


def _people(analysis: Analysis) -> list[People]:
    """Whom to ask about what, lesson by lesson."""
    groups = [People("Nothing handed in at all", [(name, "") for name in analysis.absent])]
    idle = [
        {name for name, _ in figures.missing} | set(figures.untouched)
        for figures in analysis.lessons
    ]
    nothing = set.intersection(*idle) if idle else set()
    unstarted = sorted(nothing - set(analysis.absent))
    groups.append(People("Nothing started", [(name, "") for name in unstarted]))
    for lesson in analysis.lessons:
        groups += _lesson_people(lesson, nothing)
    waiting: dict[str, list[str]] = {}
    for student, _, question in analysis.to_mark:
        waiting.setdefault(student, []).append(question)
    undecided = "Undecided: could not be graded, counts 0 until you decide (grader mark)"
    groups.insert(0, People(undecided, _checks_of_each(analysis.undecided)))
    groups.append(
        People(
            "Written answers that wait for a mark",
            [(name, ", ".join(questions)) for name, questions in waiting.items()],
        )
    )
    followed = [(name, lesson, check) for name, lesson, check, _ in analysis.followed_through]
    heading = "Marks by follow-through: passed as soon as an earlier lesson of theirs was right"
    groups.append(People(heading, _checks_of_each(followed)))
    return [people for people in groups if people.who]


def _checks_of_each(checks: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Each student, with the names of checks by lesson.

    Args:
        checks: (student, lesson, check).
    """
    by_student: dict[str, dict[str, list[str]]] = {}
    for student, lesson, check in checks:
        by_student.setdefault(student, {}).setdefault(lesson, []).append(check)
    return [
        (name, "; ".join(f"{lesson}: {list_some(names)}" for lesson, names in lessons.items()))
        for name, lessons in by_student.items()
    ]


def _lesson_people(lesson: LessonFigures, skipped: set[str]) -> list[People]:
    return [
        People(
            f"{lesson.lesson}: {LOOKS[LessonStatus.MISSING].words}",
            [(name, why or "") for name, why in lesson.missing if name not in skipped],
        ),
        People(f"{lesson.lesson}: {LOOKS[LessonStatus.UNREADABLE].words}", list(lesson.unreadable)),
        People(
            f"{lesson.lesson}: {LOOKS[Status.NOT_ATTEMPTED].words}",
            [(name, "") for name in lesson.untouched if name not in skipped],
        ),
    ]
