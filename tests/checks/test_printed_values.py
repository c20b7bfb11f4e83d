"""Values are compared with the text that shows them by value, not by how they are written."""

from __future__ import annotations

import doctest
from typing import Any

import numpy as np
import pytest

from grader.checks.printed_values import (
    NoValue,
    agrees,
    digits_kept,
    one_off,
    read_value,
    same_text,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.0", 1.0),
        ("np.float64(1.0)", 1.0),
        ("-3", -3),
        ("np.int64(7)", 7),
        ("nan", np.nan),
        ("-inf", -np.inf),
        ("np.True_", True),
        ("np.False_", False),
        ("None", None),
        ("(1+2j)", 1 + 2j),
        ("'river'", "river"),
        ("np.str_('river')", "river"),
        ("[[0.5, 0.5], [1.0, 0.0]]", [[0.5, 0.5], [1.0, 0.0]]),
        ("[np.float64(0.5), np.float64(1.5)]", [0.5, 1.5]),
        ("(array([1, 2]), 'a')", (np.array([1, 2]), "a")),
        ("array([[1., 2.],\n       [3., nan]], dtype=float32)", np.array([[1, 2], [3, np.nan]])),
        ("array([ True, False])", np.array([True, False])),
        ("{'a': 1, 'b': [2.0]}", {"a": 1, "b": [2.0]}),
        ("{1, 2}", {1, 2}),
    ],
)
def test_a_value_is_read_from_the_text_that_shows_it(text: str, value: Any) -> None:
    assert agrees(value, read_value(text))


@pytest.mark.parametrize(
    "text",
    ["", "<Model at 0x7f>", "[0.1 0.2]", "[1, 2, ...]", "open('x')", "1 if x else 2", "(" * 99],
)
def test_a_text_that_shows_no_plain_value_is_none(text: str) -> None:
    with pytest.raises(NoValue):
        read_value(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float64(1.0), "1"),
        (np.array([0.5, 0.5]), "[0.5, 0.5]"),
        ([0.5, 0.5], "array([0.5, 0.5])"),
        ([1, 2], "(1, 2)"),
        ((np.array([1.0]), 2), "([1.0], 2)"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0.0"),
        (np.array(3), "3"),
    ],
)
def test_how_a_value_is_held_does_not_matter(value: object, text: str) -> None:
    assert agrees(value, read_value(text))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.4, "0.5"),
        (0.499, "0.5"),
        (1, "True"),
        (True, "1"),
        ("1", "1"),
        ([1], "1"),
        (1, "[1]"),
        (None, "0"),
        (0.0, "None"),
        ([[1.0]], "[1.0]"),
        (np.ones((1, 2)), "array([1., 1.])"),
        ([1, 2, 3], "[1, 2]"),
        (np.array([1, 1]), "array([ True,  True])"),
        ({"a": 1}, "{'b': 1}"),
        ("River", "'river'"),
        (np.array(["a"]), "[1]"),
    ],
)
def test_another_value_is_another(value: object, text: str) -> None:
    assert not agrees(value, read_value(text))


def test_where_an_example_rounds_a_number_may_be_one_off_in_the_last_digit() -> None:
    off = one_off(digits_kept("np.round(share(x), 2).tolist()"))
    assert agrees(0.13, 0.12, off)
    assert not agrees(0.14, 0.12, off)
    assert one_off(digits_kept("share(x)")) == 0
    assert one_off(digits_kept("np.round(share(x), 1)")) == 0, "it would hide mistakes"
    assert one_off(digits_kept("share(x).round(decimals=3)")) == pytest.approx(1e-3)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[0.5 0.5]\n", "[0.5 0.5]"),
        ("[[ 1.   -0. ]\n [ 0.25  2.  ]]", "[[1.   0.  ]\n [0.25 2.  ]]"),
        ("cat 0.62 ▏███\n", "cat  0.63 ▏███"),
        ("a\n\nb", "a\n<BLANKLINE>\nb"),
        ("refused", "refused"),
    ],
)
def test_printed_text_agrees_word_by_word_and_number_by_number(text: str, shown: str) -> None:
    assert same_text(text, shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[0.5 0.4]", "[0.5 0.5]"),
        ("cat 3", "cat 4"),
        ("cat 1", "dog 1"),
        ("1 2", "1 2 3"),
        ("", "1"),
    ],
)
def test_other_printed_text_does_not_agree(text: str, shown: str) -> None:
    assert not same_text(text, shown)


def test_an_ellipsis_stands_for_anything_where_the_example_says_so() -> None:
    assert same_text("<Model at 0x7f12>", "<Model at ...>", doctest.ELLIPSIS)
    assert not same_text("<Model at 0x7f12>", "<Model at ...>")
    assert not same_text("<Layer at 0x7f12>", "<Model at ...>", doctest.ELLIPSIS)
