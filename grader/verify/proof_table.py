"""The results of `grader verify` as a table in a terminal."""

from __future__ import annotations

from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from grader.verify.proof import LessonProof, Proof, Tally

_UNKNOWN: Final = Text("?", style="dim")


def render(proof: Proof) -> Table:
    """A table with a row for each lesson. What is as it should be is green."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, collapse_padding=True)
    for column in (
        "lesson",
        "stub",
        "solu-\ntion",
        "known\nwrong",
        "fore-\nseen",
        "named",
        "unusual",
        "mutants",
        "equi-\nvalent",
        "hints",
    ):
        right = column != "lesson"
        table.add_column(
            column, justify="right" if right else "left", vertical="bottom", no_wrap=True
        )
    for lesson in proof.lessons:
        table.add_row(*_row(lesson))
    return table


def _row(proof: LessonProof) -> list[Text]:
    return [
        Text(proof.lesson),
        _yes_or_no(proof.stub),
        _tally(proof.solution),
        _tally(proof.noticed),
        _tally(proof.foreseen),
        _tally(proof.named),
        _tally(proof.accepted),
        _tally(proof.mutants),
        Text(str(proof.equivalent), style="dim") if proof.mutants else _UNKNOWN,
        _tally(proof.hints),
    ]


def _yes_or_no(value: bool | None) -> Text:
    if value is None:
        return _UNKNOWN
    return Text("ok", style="green") if value else Text("wrong", style="red")


def _tally(tally: Tally | None) -> Text:
    if tally is None:
        return _UNKNOWN
    style = "green" if tally.good == tally.all else "red"
    return Text(f"{tally.good}/{tally.all}", style=style)
