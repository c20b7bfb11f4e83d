"""Rows become text and text becomes rows again; nothing is lost on either way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_results import failed, lesson, passed, pending, student, with_mistake

from grader.reports import json
from grader.results import CheckResult, Report
from grader.results.message import LABELS, Row, fold, read, sentence, write

LINES = st.lists(st.text("ab :[].1 ", max_size=14), min_size=1, max_size=3).map("\n".join)
LABELLED = st.builds(Row, st.sampled_from(LABELS), LINES)


@given(st.lists(LABELLED, min_size=1).map(tuple))
def test_rows_that_are_written_are_read_again(rows: tuple[Row, ...]) -> None:
    assert read(write(rows)) == rows


@given(st.text())
def test_any_text_is_read_as_rows_that_are_written_as_that_text(text: str) -> None:
    assert write(read(text)) == text


@pytest.mark.parametrize("text", ["got it wrong", "why not?", "called off", "  got        5"])
def test_a_sentence_that_only_begins_like_a_label_is_a_sentence(text: str) -> None:
    assert read(text) == sentence(text)


def test_long_rows_go_on_below_their_text() -> None:
    rows = (Row("why", "a share is a part of the whole"), *sentence("and so on and on and on"))
    assert fold(rows, 24) == [
        "why        a share is a",
        "           part of the",
        "           whole",
        "and so on and on and on",
    ]


@pytest.mark.parametrize(
    "check",
    [
        passed("sum"),
        failed("sum"),
        with_mistake("sum"),
        pending(),
        replace(with_mistake("sum"), rows=()),
        replace(failed("sum"), rows=(Row("with", "x = [[1. 2.]\n     [3. 4.]]"),)),
    ],
)
def test_a_report_that_is_written_and_read_holds_the_same_rows(check: CheckResult) -> None:
    report = Report("tiny", "2026-11-20T17:00:00Z", "full", (student("ada", lesson(check)),))
    assert json.parse("".join(json.render(report)).encode()) == report
