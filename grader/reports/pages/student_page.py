"""A student's page: the points, one failure of each lesson in full, and the line to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from grader.reports.lesson_text import choose_failure
from grader.reports.pages.heat import HeatMaps, heat_maps
from grader.reports.pages.templating import Titles, fingerprint, render
from grader.reports.statuses import LOOKS, Look
from grader.results import CheckResult, Excerpt, LessonResult, LessonStatus, Status, StudentResult
from grader.results.class_figures import is_untouched

#: What keeps its lines: a call with its shapes below it, a matrix in rows.
_IN_LINES: Final = frozenset({"called", "with", "got", "beside", "expected"})


_WAITING: Final = frozenset({Status.PENDING, Status.UNDECIDED})


@dataclass(frozen=True, slots=True)
class Line:
    """One check as a line."""

    look: Look
    check: CheckResult
    remark: str | None  # beside the title


@dataclass(frozen=True, slots=True)
class Failure:
    """The one failure of a lesson that is shown in full."""

    check: CheckResult
    rows: list[tuple[str, str]]  # (label, text); a label may be empty
    picture: HeatMaps | None


@dataclass(frozen=True, slots=True)
class Section:
    """One lesson."""

    id: str
    title: str
    result: LessonResult
    state: str | None  # in words, when it is not just graded
    failure: Failure | None
    excerpt: Excerpt | None
    lines: list[Line]
    answers: list[CheckResult]
    pending: float  # points that a person may still add


@dataclass(frozen=True, slots=True)
class Group:
    """The lessons of a part, or of a course without parts."""

    title: str | None
    sections: list[Section]

    @property
    def score(self) -> float:
        """Points earned in it."""
        return sum(section.result.score for section in self.sections)

    @property
    def max_score(self) -> float:
        """Points that could be earned in it."""
        return sum(section.result.max_score for section in self.sections)


def student_page(result: StudentResult, titles: Titles, graded_at: str) -> str:
    """The page as one file of HTML.

    Args:
        result: as far as the student may see it.
        titles: of the course and its lessons.
        graded_at: ISO 8601, UTC.
    """
    sections = [_section(lesson, titles) for lesson in result.lessons]
    return render(
        "student.html",
        "base.css",
        "student.css",
        fingerprint=fingerprint(result, titles),
        result=result,
        sections=sections,
        groups=_groups(sections, titles),
        course=titles.course,
        graded_at=graded_at,
        pending=sum(section.pending for section in sections),
    )


def _groups(sections: list[Section], titles: Titles) -> list[Group]:
    """The lessons by parts, if the student has several parts; else all together."""
    groups = [
        Group(part.title, own)
        for part in titles.parts
        if (own := [section for section in sections if section.id in part.lessons])
    ]
    return groups if len(groups) > 1 else [Group(None, sections)]


def _section(lesson: LessonResult, titles: Titles) -> Section:
    telling = choose_failure(lesson)
    if telling is not None and not (telling.message or telling.picture or telling.excerpt):
        telling = None  # without its message, it is a line like the others
    failure = None
    if telling is not None:
        picture = heat_maps(telling.picture) if telling.picture else None
        failure = Failure(telling, _rows(telling), picture)
    excerpt = telling.excerpt if telling is not None else lesson.excerpt
    return Section(
        id=lesson.lesson,
        title=titles.lesson(lesson.lesson),
        result=lesson,
        state=_state(lesson),
        failure=failure,
        excerpt=excerpt,
        lines=[_line(check, telling) for check in lesson.checks],
        answers=[check for check in lesson.checks if check.answer is not None],
        pending=sum(c.max_score for c in lesson.checks if c.status in _WAITING),
    )


def _state(lesson: LessonResult) -> str | None:
    if lesson.status is LessonStatus.MISSING:
        return "Nothing was handed in."
    if lesson.status is LessonStatus.UNREADABLE:
        return "It could not be graded."
    if is_untouched(lesson):
        return "Not started: it is as it was given out."
    return None


def _line(check: CheckResult, telling: CheckResult | None) -> Line:
    look = LOOKS[check.status]
    remark: str | None = look.words
    if check.follow_through or check.status is Status.SKIPPED:
        remark = check.message or look.words
    elif check is telling:
        remark = "told above"
    elif check.effect and telling is not None and check.effect == telling.effect:
        remark = "by the same mistake"
    elif check.effect:
        remark = f"looks like {check.effect}"
    elif check.status in {Status.PASSED, Status.FAILED}:
        remark = None  # the sign says it
    return Line(look, check, remark)


def _rows(check: CheckResult) -> list[tuple[str, str]]:
    """The rows of a check's explanation, as pairs of a label and a text for the page."""
    rows: list[tuple[str, str]] = []
    for label, text in check.rows:
        lines = text.split("\n")
        if label in _IN_LINES:
            rows.append((label, text))
        elif label:
            rows.append((label, " ".join(line.strip() for line in lines)))
        else:
            rows += [("", line) for line in lines]
    return rows
