"""Checks of lesson 2 that compare with the reference, and the corners of its contract."""

import numpy as np
import pytest

from grader.testing import is_close


@pytest.mark.builds_on("test_softmax_keeps_the_shape")
def test_shares_are_exponentials_over_their_sum(student, reference, rng):
    """Each share is the score's exponential over the sum of its row, in one dimension or two."""
    why = "a share is e to the score, divided by the sum of such terms in its own row, and no more"
    for scores in [rng.normal(size=7), rng.normal(size=(5, 7))]:
        assert is_close(student.softmax(scores), reference.softmax(scores)), why


@pytest.mark.builds_on("test_softmax_keeps_the_shape")
def test_the_axis_says_which_way_the_shares_sum_to_one(student, reference, rng):
    """softmax(scores, axis=…) normalises along that axis, whatever the number of dimensions."""
    why = "`axis` names the direction along which the shares sum to 1; `max` and `sum` both need it"
    matrix, block = rng.normal(size=(3, 5)), rng.normal(size=(2, 5, 3))
    assert is_close(student.softmax(matrix, axis=0), reference.softmax(matrix, axis=0)), why
    assert is_close(student.softmax(block, axis=1), reference.softmax(block, axis=1)), why


@pytest.mark.builds_on("test_softmax_keeps_the_shape")
def test_rows_far_apart_do_not_disturb_each_other(student, reference, rng):
    """A row of scores far below or above the others still gets its own shares."""
    why = "each row is a distribution of its own, so each row is shifted by its own largest score"
    scores = rng.normal(size=(4, 5)) + np.array([[0.0], [-1000.0], [1e4], [-1e4]])
    assert is_close(student.softmax(scores), reference.softmax(scores)), why


@pytest.mark.builds_on("test_softmax_keeps_the_shape")
def test_integers_and_lists_are_scores_too(student, reference):
    """Integer scores and plain lists give the same shares as an array of floats."""
    why = "shares are fractions, whatever the scores were; an array of integers cannot hold them"
    scores = [[3, 1, 2, -1], [0, 5, 0, 2]]
    assert is_close(student.softmax(np.array(scores)), reference.softmax(scores)), why
    assert is_close(student.softmax(scores[0]), reference.softmax(scores[0])), why


@pytest.mark.builds_on("test_softmax_keeps_the_shape")
def test_a_score_of_minus_infinity_gets_no_share(student, reference):
    """A score of minus infinity gets the share 0, and the others share as if it were not there."""
    why = "minus infinity says 'not at all': e to that power is 0"
    weights = student.softmax(np.array([[1.0, -np.inf, 2.0, 0.5]]))
    others = reference.softmax([1.0, 2.0, 0.5])
    assert is_close(weights, [[others[0], 0.0, others[1], others[2]]]), why


@pytest.mark.builds_on("test_softmax_keeps_the_shape")
def test_softmax_leaves_the_scores_alone(student, rng):
    """softmax(scores) does not change scores."""
    changed = student.call("softmax", rng.normal(size=(3, 5))).changed
    assert not changed, (
        "the caller still needs the scores: `scores -= …` writes into the caller's array"
    )
