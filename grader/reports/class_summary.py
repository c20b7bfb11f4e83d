"""The class in one screen of a terminal, and the students behind a figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from grader.reports.statuses import LOOKS
from grader.results import Report, Status
from grader.results.class_figures import Analysis, MisconceptionFigures, analyse
from grader.text import clean
from grader.text.wording import format_points

_BARS: Final = " ▁▂▃▄▅▆▇█"
_MAX_NAME: Final = 32
_MAX_NAMES: Final = 6  # of students in a line
_MAX_HELD: Final = 5
_MAX_HARD: Final = 3
_WIDE: Final = 76


def render(report: Report, width: int = 80) -> Iterator[RenderableType]:
    """The class in one screen: marks, lessons, what to teach again, what is left to do.

    Args:
        report: the results.
        width: of the terminal, in characters; a narrow one gets fewer columns.
    """
    analysis = analyse(report)
    count = len(report.students)
    yield Text.assemble(
        (clean(report.course), "bold"),
        f"  {count} student{'s' * (count != 1)}, graded {clean(report.graded_at)}, "
        f"isolation `{clean(report.isolation)}`",
    )
    if not count:
        return
    yield Text.assemble(
        _average(analysis),
        "   0 % ",
        (_histogram(analysis.bins), "cyan"),
        " 100 %",
    )
    yield _lessons(analysis, wide=width >= _WIDE)
    yield from _teach_again(analysis)
    yield from _to_do(analysis)


def list_holders(held: MisconceptionFigures) -> Iterator[RenderableType]:
    """A misconception, the checks that fail because of it, and everyone who holds it."""
    yield Text.assemble((f"{held.lesson}: {held.id}", "bold"), f"  looks like {held.effect}")
    yield Text(f"{len(held.students)} of {held.handed_in} who handed in the lesson; it fails:")
    yield from (Text(f"  ✗ {clean(title)}") for title in held.titles)
    if held.hint:
        yield Text.assemble("ask: ", clean(held.hint, 400))
    yield from _column(held.students)


def list_failures(report: Report, lesson: str, check: str) -> Iterator[RenderableType]:
    """The figures of a check, and everyone who did not pass it, grouped by what happened."""
    figures = next(
        check_figures
        for check_figures in analyse(report).checks
        if (check_figures.lesson, check_figures.check) == (lesson, check)
    )
    p, r = figures.difficulty, figures.discrimination
    yield Text.assemble((f"{lesson}: {check}", "bold"), f"  {clean(figures.title)}")
    shown = [f"tried by {figures.tried}"]
    shown += [f"difficulty p = {p:.2f}"] if p is not None else []
    shown += [f"discrimination r = {r:.2f}"] if r is not None else []
    yield Text(", ".join(shown))
    groups: dict[tuple[Status, str], list[str]] = {}
    for student in report.students:
        for graded in student.lessons:
            for result in graded.checks:
                if (graded.lesson, result.check) == (lesson, check):
                    outcome = result.status, result.effect or ""
                    groups.setdefault(outcome, []).append(student.student)
    for (status, effect), names in sorted(groups.items()):
        if status is not Status.PASSED:
            like = f", looks like {effect}" * bool(effect)
            yield Text(f"{LOOKS[status].words}{like}: {len(names)}", style="bold")
            yield from _column(names)


def _average(analysis: Analysis) -> str:
    if analysis.is_mixed:
        shares = f"mean {analysis.mean_share:.0%}, median {analysis.median_share:.0%}"
        return shares.replace("%", " %") + " of the parts that each has begun"
    points = f"mean {analysis.mean:.1f}, median {analysis.median:.1f}"
    return f"{points} of {format_points(analysis.max_total)}"


def _histogram(bins: Sequence[int]) -> str:
    most = max(bins) or 1
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in bins)


def _lessons(analysis: Analysis, *, wide: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1))
    table.add_column("lesson", overflow="fold")
    columns: tuple[str, ...] = ("mean", "missing")
    if wide:
        table.add_column("marks", no_wrap=True, style="cyan")
        columns = ("mean", "of", "full", "none", "missing", "unreadable")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for lesson in analysis.lessons:
        cells: dict[str, str | Text] = {
            "mean": f"{lesson.mean:.1f}",
            "of": format_points(lesson.max_score),
            "full": str(lesson.full_marks),
            "none": str(lesson.no_points),
            "missing": _count(len(lesson.missing)),
            "unreadable": _count(len(lesson.unreadable)),
        }
        marks = [_histogram(lesson.bins)] if wide else []
        table.add_row(clean(lesson.lesson), *marks, *(cells[column] for column in columns))
    return table


def _count(count: int) -> Text:
    return Text(str(count), style="yellow" if count else "dim")


def _teach_again(analysis: Analysis) -> Iterator[RenderableType]:
    if analysis.misconceptions:
        yield Text("Teach again", style="bold")
        rows = [
            (len(held.students), held.handed_in, f"{held.lesson}: {clean(held.effect)}",
             f"{held.id}: {_names(held.students)}")
            for held in analysis.misconceptions[:_MAX_HELD]
        ]  # fmt: skip
        yield _ranking(rows)
        more = len(analysis.misconceptions) - _MAX_HELD
        if more > 0:
            yield Text(f"     and {more} more: see report.html", style="dim")
    if hardest := analysis.hardest[:_MAX_HARD]:
        yield Text("Failed without a known mistake", style="bold")
        yield _ranking(
            [(check.unexplained, check.tried, f"{check.lesson}: {clean(check.title)}", check.check)
             for check in hardest]
        )  # fmt: skip


def _ranking(rows: Iterable[tuple[int, int, str, str]]) -> Table:
    """A table from rows of (students, of how many, what, its name)."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True, min_width=12)
    table.add_column(overflow="fold")
    for count, total, kind, name in rows:
        share = Text.assemble((str(count), "bold red"), f" of {total}")
        table.add_row(share, Text.assemble(kind, " ", (f"({clean(name, 200)})", "dim")))
    return table


def _to_do(analysis: Analysis) -> Iterator[RenderableType]:
    rows: list[tuple[str, str]] = []
    if analysis.broken_checks:
        broken = ", ".join(f"{lesson}: {check}" for lesson, check, _, _ in analysis.broken_checks)
        rows.append(("broken on our side", broken))
    if analysis.undecided:
        names = list(dict.fromkeys(student for student, _, _ in analysis.undecided))
        rows.append(("undecided, they count 0 until you decide", _names(names)))
    unreadable = {name for lesson in analysis.lessons for name, _ in lesson.unreadable}
    if unreadable:
        rows.append(("unreadable files", _names(sorted(unreadable))))
    if analysis.absent:
        rows.append(("nothing handed in", _names(analysis.absent)))
    if analysis.to_mark:
        count = len(analysis.to_mark)
        rows.append(("to mark", f"{count} written answer{'s' * (count != 1)}"))
    if rows:
        yield Text("To do", style="bold")
    for label, text in rows:
        yield Text(f"     {label}: {text}")
    if analysis.followed_through:
        names = list(dict.fromkeys(student for student, *_ in analysis.followed_through))
        points = sum(row[-1] for row in analysis.followed_through)
        yield Text("Follow-through", style="bold")
        yield Text(f"     points that it gave: {format_points(points)} ({_names(names)})")


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(clean(name, _MAX_NAME) for name in names[:_MAX_NAMES])
    more = len(names) - _MAX_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def _column(names: Sequence[str]) -> Iterator[RenderableType]:
    yield from (Text(f"  {clean(name, 80)}") for name in names)
