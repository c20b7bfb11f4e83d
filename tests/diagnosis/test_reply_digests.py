"""Replies that look the same share a digest; others do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.diagnosis.probes import Probe, Reply
from grader.diagnosis.reply_digests import ReplyDigests, digest_replies, digest_version

VALUES: list[Any] = [
    1.5,
    0.0,
    1e-3,
    True,
    -2.5,
    3 + 1j,
    np.nan,
    np.inf,
    -np.inf,
    [1.0, 2.0],
    [[1.0, 2.0]],
    (1.0, np.ones(3)),
    [np.ones(3), 1.0],
    {"a": 1.0},
    {"b": 1.0},
    {"a": 2.0},
    "text",
    "other text",
    b"text",
    None,
    np.arange(12.0).reshape(3, 4),
    np.arange(12.0).reshape(4, 3),
]


def as_student(*values: Any, corner: bool = False) -> ReplyDigests | None:
    probes = [Probe("f", (), {}, corner)] * len(values)
    return digest_replies(probes, [as_reply(value) for value in values])


def as_known(*values: Any, corner: bool = False) -> ReplyDigests | None:
    probes = [Probe("f", (), {}, corner)] * len(values)
    return digest_version(probes, lambda place: as_reply(values[place]))


def as_reply(value: Any) -> Reply:
    return Reply(error=value) if isinstance(value, Exception) else Reply(value)


def alike(student: Any, known: Any) -> bool:
    mine, theirs = as_student(student), as_known(known)
    assert mine is not None
    assert theirs is not None
    return mine.look_like(theirs)


@pytest.mark.parametrize("place", range(len(VALUES)), ids=lambda at: repr(VALUES[at]))
def test_each_value_looks_like_itself_alone(place: int) -> None:
    assert [alike(VALUES[place], other) for other in VALUES] == [
        number == place for number in range(len(VALUES))
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (2, 2.0),
        (np.float32(2), 2.0),
        ([1, 2], np.array([1.0, 2.0])),
        ((1.0, [2.0, 3.0]), [1.0, np.array([2.0, 3.0])]),
        (1e-17, 0.0),
        (np.array([1 + 0j]), np.array([1.0])),
        ({"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 1.0}),
        (ValueError("one"), TypeError("other")),
        (OverflowError(), ZeroDivisionError()),
    ],
)
def test_another_type_or_order_looks_the_same(one: Any, other: Any) -> None:
    assert alike(one, other)
    assert alike(other, one)


def test_an_exception_of_another_kind_looks_different() -> None:
    assert not alike(ValueError(), OverflowError())
    assert not alike(OverflowError(), ValueError())
    assert not alike(ValueError(), 1.0)


@pytest.mark.parametrize("noise", [1e-15, 1e-12, 1e-9, 2e-7])
def test_rounding_makes_no_difference(noise: float) -> None:
    rng = np.random.default_rng(3)
    for scale in (1e-6, 1e-3, 1.0, 1e8, 1e200):
        values = rng.normal(size=(40, 6)) * scale
        for row in values:
            assert alike(row * (1 + noise * rng.uniform(-1, 1, 6)), row)


def test_numbers_on_both_sides_of_an_edge_look_the_same() -> None:
    edges = 1e-4 * np.sinh((np.array([3, 5_000, 70_000]) + 0.5) * 1e-4)
    below, above = edges * (1 - 1e-9), edges * (1 + 1e-9)
    first, second = as_student(below), as_student(above)
    assert first is not None
    assert second is not None
    assert first.each[0][0] != second.each[0][0]
    assert alike(below, above)
    assert alike(above, below)


@pytest.mark.parametrize("share", [1e-3, 0.1, -2.0])
def test_other_numbers_look_different(share: float) -> None:
    values = np.random.default_rng(4).normal(size=50)
    for place in range(50):
        other = values.copy()
        other[place] *= 1 + share
        assert not alike(other, values)


def test_what_was_modified_counts() -> None:
    probes = [Probe("f", (), {}, False)] * 2
    untouched, modified = Reply(1.0), Reply(1.0, None, frozenset({0}))
    student = digest_replies(probes, [untouched, modified])
    assert student is not None
    for replies, same in [((modified, untouched), True), ((untouched, untouched), False)]:
        known = digest_version(probes, replies.__getitem__)
        assert known is not None
        assert student.look_like(known) is same


def test_in_corners_nan_looks_like_inf_and_like_an_overflow_error() -> None:
    infinite, nan = np.array([np.inf, 1.0]), np.array([np.nan, 1.0])
    elsewhere, finite = np.array([1.0, np.nan]), np.array([7.0, 1.0])
    overflow, division, value, kind = (
        error() for error in (OverflowError, ZeroDivisionError, ValueError, TypeError)
    )
    every = [infinite, nan, elsewhere, finite, overflow, division, value, kind]
    pairs = [
        (one, other)
        for place, one in enumerate(every)
        for other in every[place + 1 :]
        if in_corners_alike(one, other)
    ]
    assert all(in_corners_alike(one, one) for one in every)
    found = {frozenset((id(one), id(other))) for one, other in pairs}
    expected = [(infinite, nan), (overflow, division), (value, kind)]
    expected += [(it, error) for it in every[:3] for error in (overflow, division)]
    assert found == {frozenset((id(one), id(other))) for one, other in expected}


def in_corners_alike(one: Any, other: Any) -> bool:
    """Whether they look the same, whichever of them is the student's."""
    found = set()
    for mine, theirs in ((one, other), (other, one)):
        student, known = as_student(mine, corner=True), as_known(theirs, corner=True)
        assert student is not None
        assert known is not None
        found.add(student.look_like_in_corners(known))
    (same,) = found
    return same


def test_a_huge_value_is_no_known_mistakes_and_is_not_copied() -> None:
    huge = np.broadcast_to(np.int8(1), (1_000_000, 1_000_000))  # a single byte of memory
    assert as_student(huge) is None
    assert as_student(1.0, huge) is None


def test_what_is_no_number_is_no_known_mistakes() -> None:
    assert as_student(1.0, {1, 2}) is None
    assert as_student([1.0, object()]) is None
