"""A copy of a value is what comes out at the other end of the wire, or there is none."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from plain_values import VALUES, same

from grader.sandbox import wire
from grader.sandbox.sent_values import Unusual, copy_sent, copy_usual, is_surely_same


@given(VALUES)
def test_a_copy_is_what_the_other_end_gets(value: Any) -> None:
    with suppress(Unusual):
        assert same(copy_usual(value), wire.decode(wire.encode(value)))
    with suppress(Unusual):
        assert same(copy_sent(value), wire.decode(wire.encode(value)))


@pytest.mark.parametrize(
    "value",
    [1.5, 7, True, None, "softmax", np.float32(1), np.ones((3, 4)), [np.arange(3), (1, 2.0)]],
    ids=str,
)
def test_usual_values_are_copied(value: Any) -> None:
    assert same(copy_usual(value), value)


@pytest.mark.parametrize(
    "value",
    [
        np.array([1.0, 2.0])[::-1], np.arange(6.0).reshape(2, 3).T,
        np.asfortranarray(np.ones((2, 2))),
    ],
    ids=str,
)  # fmt: skip
def test_an_array_is_copied_in_order_and_can_be_written_to(value: Any) -> None:
    with suppress(Unusual):
        copy, sent = copy_usual(value), wire.decode(wire.encode(value))
        assert (copy.flags.c_contiguous, copy.dtype.char) == (True, sent.dtype.char)
        copy[:] = 5
        assert not np.shares_memory(copy, value)


class Named(list[int]):
    """No list, though it looks like one."""


@pytest.mark.parametrize(
    "value",
    [
        Named([1]), {1: 2}, {1}, b"x", 2**63, "é", np.zeros(0), np.ones(300), [[[1]]], [0] * 65,
        np.array(["text"]), np.array([None]), np.ma.masked, object,
        np.ones((1,) * 9), np.ones(2, np.longlong), np.ones(3, ">f8"), np.datetime64("2024"),
    ],
    ids=str,
)  # fmt: skip
def test_all_others_have_to_be_sent(value: Any) -> None:
    with pytest.raises(Unusual):
        copy_usual(value)


@given(VALUES, VALUES)
def test_two_values_are_surely_the_same_only_if_they_are_sent_as_the_same(
    value: Any, other: Any
) -> None:
    if is_surely_same(value, other):
        assert wire.encode(value) == wire.encode(other)


@given(VALUES)
def test_a_copy_that_nobody_changed_is_surely_the_same(value: Any) -> None:
    with suppress(Unusual):
        assert is_surely_same(value, copy_sent(value))


@pytest.mark.parametrize(
    ("value", "changed"),
    [
        (np.ones(2), np.array([1, 2.0])), (np.ones(2), np.ones(2, np.float32)),
        (np.ones((2, 1)), np.ones((1, 2))), (np.zeros(1), -np.zeros(1)),
        ([1.0, [2.0]], [1.0, [3.0]]), ([1.0], [1.0, 1.0]), ([1.0], (1.0,)), ([1], [True]),
        ([0.0], [-0.0]), ({"a": 1}, {"a": 2}), ({1: 2}, {True: 2}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ],
    ids=str,
)  # fmt: skip
def test_what_was_changed_is_not_surely_the_same(value: Any, changed: Any) -> None:
    assert not is_surely_same(value, changed)
