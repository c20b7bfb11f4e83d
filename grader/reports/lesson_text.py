"""One student's lesson as text: one failure in full, the rest a line each."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from grader.reports.statuses import LOOKS
from grader.results import WRONG, CheckResult, LessonResult, LessonStatus, Status
from grader.results.message import Row, Rows, fold, sentence
from grader.text.wording import format_points

#: The statuses for which the sign, or the heading above, already says what happened.
_WITHOUT_WORDS: Final = (Status.PASSED, Status.FAILED, Status.NOT_ATTEMPTED, Status.SKIPPED)
_INDENT: Final = "  "


def render(
    lesson: LessonResult,
    *,
    hidden_points: float = 0.0,
    width: int = 100,
    more: str | None = None,
) -> str:
    """A lesson's result for its student.

    Args:
        lesson: as far as the student may see it.
        hidden_points: what the checks are worth that do not run here; if there are any, nothing
            says "all passed".
        width: of a line, in characters; a long word may stick out.
        more: how to get the next step of a hint; the command if left out.
    """
    more = more or f"grader hint {lesson.lesson}"
    lines: list[str] = []
    for part in _parts(lesson, hidden_points=hidden_points, more=more):
        if isinstance(part, str):
            lines += textwrap.wrap(
                part,
                width,
                subsequent_indent=_INDENT,
                break_long_words=False,
                break_on_hyphens=False,
            ) or [""]
        else:
            lines += [_INDENT + line for line in fold(part, width - len(_INDENT))]
    return "\n".join(lines) + "\n"


def _parts(lesson: LessonResult, *, hidden_points: float, more: str) -> Iterator[str | Rows]:
    """Lines, and indented below them the rows that belong to them."""
    points = f"{format_points(lesson.score)} of {format_points(lesson.max_score)} points"
    if lesson.status is not LessonStatus.GRADED:
        yield f"{lesson.lesson}: {LOOKS[lesson.status].words}"
        yield sentence(lesson.message or "")
        return
    statuses = [check.status for check in lesson.checks]
    if statuses and set(statuses) <= {Status.NOT_ATTEMPTED}:
        yield f"{lesson.lesson}: {LOOKS[Status.NOT_ATTEMPTED].words}"
        return
    wrong = sum(check.status in WRONG for check in lesson.checks)
    if wrong and lesson.score == lesson.max_score:  # the examples of a description, say
        points += f", but {wrong} check{'s' * (wrong != 1)} without points"
        points += " fail" if wrong != 1 else " fails"
    yield f"{lesson.lesson}: {points}"
    yield sentence(lesson.message or "")
    shown = choose_failure(lesson)
    if shown:
        yield from _in_full(lesson.lesson, shown, more)
    others = [
        check for check in lesson.checks if check.status is not Status.PASSED and check is not shown
    ]
    skipped = [check for check in others if check.status is Status.SKIPPED]
    not_started = [check for check in others if check.status is Status.NOT_ATTEMPTED]
    rest = [check for check in others if check not in skipped and check not in not_started]
    if rest:
        yield ""
        yield from map(_in_a_line, rest)
    if not_started:
        yield ""
        yield "Not started:"
        yield from map(_in_a_line, not_started)
    by_reason: dict[str, list[CheckResult]] = {}
    for check in skipped:
        by_reason.setdefault(check.message or "", []).append(check)
    for reason, checks in by_reason.items():
        yield ""
        yield _say_why_not_run(reason, several=len(checks) > 1)
        yield from map(_in_a_line, checks)
    followed = [check for check in lesson.checks if check.follow_through]
    if followed:
        yield ""
        yield from (f"✓ {check.title}" for check in followed)
        yield followed[0].rows
    passed = statuses.count(Status.PASSED)
    if lesson.checks:
        yield ""
    if passed < len(statuses):
        mark = "✓ " if passed and shown is None else ""
        yield f"{mark}{passed} of {len(statuses)} checks passed"
    elif lesson.checks:
        every = "1 check" if passed == 1 else f"{passed} checks"
        yield f"✓ {every} passed" if hidden_points or passed == 1 else f"✓ all {every} passed"
    if hidden_points:
        worth = f"{format_points(hidden_points)} point{'s' * (hidden_points != 1)}"
        yield f"hidden checks remain, worth {worth}: they run when you hand in"


def choose_failure(lesson: LessonResult) -> CheckResult | None:
    """The failure to show in full: the first whose cause is known, or else the first."""
    wrong = [check for check in lesson.checks if _is_wrong(check)]
    return next((check for check in wrong if check.misconception), wrong[0] if wrong else None)


def _is_wrong(check: CheckResult) -> bool:
    """Whether the student's code failed the check; a low mark by a person is no such failure."""
    return check.status in WRONG and check.answer is None


def _in_full(lesson: str, check: CheckResult, more: str) -> Iterator[str | Rows]:
    yield ""
    yield f"✗ {lesson}: {check.title}"
    yield check.all_rows
    if check.hint:
        yield (Row("hint", f"{check.hint}\n(the next step: {more})"),)


def _say_why_not_run(reason: str, *, several: bool) -> str:
    """The line above skipped checks: ``Not run, because it builds on “A”, which did not pass:``.

    Args:
        reason: what the record says, “builds on …”; empty if the student is not told.
        several: whether more than one check stands below it.
    """
    if not reason:
        return f"Not run, because what {'they build' if several else 'it builds'} on did not pass:"
    return f"Not run, because {'each' if several else 'it'} {reason}, which did not pass:"


def _in_a_line(check: CheckResult) -> str:
    look = LOOKS[check.status]
    words = "" if check.status in _WITHOUT_WORDS else f" ({look.words})"
    return f"{look.sign} {check.title}{words}"
