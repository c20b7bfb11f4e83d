"""Checks of lesson 2 that need no right answer to compare with: laws of sharing.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest

from grader.testing import as_array, as_float_array, assert_close


def test_softmax_keeps_the_shape(student, rng):
    """Every score gets one share, in an array of float64: the shape stays as it was."""
    as_float_array(student.softmax(rng.normal(size=(3, 5))), n_rows=3, n_scores=5)


@pytest.mark.points(0.5)
def test_each_row_sums_to_one(student, rng):
    """Each row of softmax(scores) sums to 1."""
    weights = as_array(student.softmax(rng.normal(size=(4, 5))), n_rows=4, n_scores=5)
    assert_close(
        weights.sum(axis=1),
        1.0,
        of="row sums",
        beside={"column sums": weights.sum(axis=0)},
        why="a row of weights says how one query shares out its attention, all of it",
    )


@pytest.mark.points(0.5)
def test_shares_are_positive_and_keep_the_order(student):
    """Every share is positive, also for negative scores, and a higher score gets a larger share."""
    scores = np.array([0.5, -2.0, 1.5, -0.5, 3.0])  # in no particular order
    weights = as_array(student.softmax(scores), n_scores=5)
    assert (weights > 0).all(), (
        "a share of attention cannot be negative, and e to any power is above 0"
    )
    assert (np.argsort(weights) == np.argsort(scores)).all(), (
        "whoever has the higher score must get the larger share"
    )


@pytest.mark.points(0.5)
def test_adding_the_same_number_to_all_scores_changes_nothing(student, rng):
    """Adding 1000 to every score changes nothing."""
    scores = rng.normal(size=5)
    shifted = as_array(student.softmax(scores + 1000), n_scores=5)
    assert np.isfinite(shifted).all(), (
        "exp(1000) is more than a float can hold; use what a shift does"
    )
    assert_close(
        shifted,
        as_array(student.softmax(scores), n_scores=5),
        why="only the differences between scores count, not where they start",
    )


@pytest.mark.points(1.5)
def test_integers_and_lists_are_scores_too(student):
    """Integer scores and plain lists give the same shares as an array of floats."""
    scores = [3, 1, 2, -1]
    shares = as_array(student.softmax(np.array(scores, dtype=float)), n_scores=4)
    assert np.ptp(shares) > 0, "these four scores differ, so their shares do"
    for taken in (np.array(scores), scores):
        assert_close(
            as_array(student.softmax(taken), n_scores=4),
            shares,
            why="shares are fractions, whatever the scores were; an array of integers holds none",
        )
