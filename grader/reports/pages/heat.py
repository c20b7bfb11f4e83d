"""A small matrix as a heat map: for each cell its text, and a step on a scale of colours."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from grader.results import Number, Picture

_STEPS: Final = 8
_CLOSE: Final = 1e-4  # relative; pictures are rounded to six digits


@dataclass(frozen=True, slots=True)
class Cell:
    """One number: its text, its colour, and whether it is wrong."""

    text: str
    shade: str  # "p0" … "p8" above zero, "n1" … "n8" below, "odd" when it is no finite number
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Rows of cells; with the sums of rows and columns where these are what is checked."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]
    row_sums: tuple[Cell, ...] = ()
    column_sums: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class HeatMaps:
    """One or two matrices side by side, and a sentence on how to read them."""

    maps: tuple[HeatMap, ...]
    caption: str
    legend: str = ""  # of the colours, where there are colours


def heat_maps(picture: Picture) -> HeatMaps:
    """Draw a picture: what was returned, beside what was expected or with its sums."""
    matrices = [picture.got, *([picture.expected] if picture.expected else [])]
    cells = _finite(cell for matrix in matrices for row in matrix for cell in row)
    largest = max((abs(cell) for cell in cells), default=0.0)
    if picture.expected:
        differ = sum(
            not _close(a, b)
            for row, wanted in zip(picture.got, picture.expected, strict=True)
            for a, b in zip(row, wanted, strict=True)
        )
        count = sum(map(len, picture.got))
        return HeatMaps(
            (
                HeatMap("yours", _cells(picture.got, largest, picture.expected)),
                HeatMap("should be", _cells(picture.expected, largest)),
            ),
            f"{differ} of {count} numbers differ.",
            "Both have the same scale of colours.",
        )
    rows = _cells(picture.got, largest)
    if picture.sums is None or picture.axis is None:
        height, width = len(picture.got), len(picture.got[0])
        return HeatMaps((HeatMap("yours", rows),), f"What came back: shape ({height}, {width}).")
    by_row, by_column = _sums(picture.got), _sums(zip(*picture.got, strict=True))
    wanted = list(picture.sums)
    along_rows = picture.axis == 1
    heat = HeatMap(
        "yours",
        rows,
        row_sums=_margin(by_row, wanted if along_rows else None),
        column_sums=_margin(by_column, None if along_rows else wanted),
    )
    which, other = ("row", "column") if along_rows else ("column", "row")
    target = _text(wanted[0]).removesuffix(".00") if len(set(wanted)) == 1 else None
    law = f"Each {which} should add up to {target}." if target else f"The {which}s' sums are wrong."
    others = by_column if along_rows else by_row
    if target and all(_close(value, wanted[0]) for value in others):
        law += f" It is the {other}s that do."
    return HeatMaps((heat,), law)


def _cells(
    matrix: Sequence[Sequence[Number]],
    largest: float,
    wanted: Sequence[Sequence[Number]] | None = None,
) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        tuple(
            Cell(
                _text(value),
                _shade(value, largest),
                wrong=wanted is not None and not _close(value, wanted[i][j]),
            )
            for j, value in enumerate(row)
        )
        for i, row in enumerate(matrix)
    )


def _margin(sums: Sequence[Number], wanted: Sequence[Number] | None) -> tuple[Cell, ...]:
    return tuple(
        Cell(_text(value), "sum", wrong=wanted is not None and not _close(value, wanted[i]))
        for i, value in enumerate(sums)
    )


def _sums(rows: Iterable[Iterable[Number]]) -> list[Number]:
    totals = [sum(map(float, row)) for row in rows]
    return [total if math.isfinite(total) else str(total) for total in totals]


def _finite(values: Iterable[Number]) -> Iterable[float]:
    return (value for value in values if isinstance(value, int | float) and math.isfinite(value))


def _close(one: Number, other: Number) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return math.isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE / 10)


def _shade(value: Number, largest: float) -> str:
    if isinstance(value, str):
        return "odd"
    step = math.ceil(abs(value) / largest * _STEPS - 1e-9) if largest else 0
    return f"{'n' if value < 0 and step else 'p'}{min(step, _STEPS)}"


def _text(value: Number) -> str:
    """Three digits at most: ``0.23``, ``12.2``, ``1e+04``."""
    if isinstance(value, str):
        return {"nan": "NaN", "inf": "∞", "-inf": "-∞"}.get(value, "?")
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1000 or size < 0.001:
        text = f"{value:.0e}"
    else:
        text = f"{value:.{2 if size < 10 else 1 if size < 100 else 0}f}"
    return text
