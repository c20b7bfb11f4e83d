"""The checks of a test cell for the student: a table in HTML, and the same as text.

Programs that show a notebook may remove parts of its HTML. So the table uses only what JupyterLab
and nbconvert keep, and can be understood without colours. The text is for notebooks in a terminal,
or converted to something else than a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from grader.classroom import cell_heat_maps
from grader.reports.pages.heat import heat_maps
from grader.reports.statuses import LOOKS
from grader.results import CheckResult, Status
from grader.text.wording import format_points

_LEFT: Final = "text-align: left; vertical-align: top; padding: 0.3em 0.6em"
_RIGHT: Final = "text-align: right; vertical-align: top; padding: 0.3em 0.6em; white-space: nowrap"
_MESSAGE: Final = "background-color: transparent; white-space: pre-wrap; margin: 0.3em 0"


def as_html(checks: Sequence[CheckResult], lesson: Sequence[CheckResult] = ()) -> str:
    """A table with a row for each check: its sign, its explanation and its points.

    Args:
        checks: those of the test cell.
        lesson: all checks of the lesson, in order. Only the first that shows a mistake explains it.
    """
    rows = "".join(
        f'<tr><td style="{_LEFT}">{LOOKS[check.status].sign}</td>'
        f'<td style="{_LEFT}"><strong>{escape(check.title)}</strong>'
        f"{''.join(_details(check, lesson or checks))}</td>"
        f'<td style="{_RIGHT}">{_points(check)}</td></tr>'
        for check in checks
    )
    return f"<table>{rows}</table>"


def as_text(checks: Sequence[CheckResult], lesson: Sequence[CheckResult] = ()) -> str:
    """A line for each check, with its explanation below. For the arguments see :func:`as_html`."""
    lines: list[str] = []
    for check in checks:
        lines.append(f"{LOOKS[check.status].sign} {check.title} ({_points(check)})")
        lines += [f"    {line}".rstrip() for line in _sentences(check, lesson or checks)]
    return "\n".join(lines)


def _points(check: CheckResult) -> str:
    if not check.max_score:
        return "no points"
    return f"{format_points(check.score)} / {format_points(check.max_score)}"


def _details(check: CheckResult, lesson: Sequence[CheckResult]) -> Iterator[str]:
    if remark := _remark(check, lesson):
        yield f"<div><em>{escape(remark)}</em></div>"
        return
    if check.message:
        yield f'<pre style="{_MESSAGE}">{escape(check.message)}</pre>'
    if check.picture:
        yield cell_heat_maps.as_html(heat_maps(check.picture))
    if check.hint:
        yield f"<div><strong>Hint:</strong> {escape(check.hint)}</div>"


def _sentences(check: CheckResult, lesson: Sequence[CheckResult]) -> Iterator[str]:
    if remark := _remark(check, lesson):
        yield remark
        return
    if check.message:
        yield from check.message.splitlines()
    if check.picture:
        yield from cell_heat_maps.as_text(heat_maps(check.picture))
    if check.hint:
        yield f"Hint: {check.hint}"


def _remark(check: CheckResult, lesson: Sequence[CheckResult]) -> str | None:
    """The only remark on a check that was not started, or whose mistake is explained above."""
    if check.status is Status.NOT_ATTEMPTED:
        return LOOKS[check.status].words
    if check.misconception is None:
        return None
    first = next(other for other in lesson if other.misconception == check.misconception)
    return None if first.check == check.check else f"by the same mistake as “{first.title}”"
