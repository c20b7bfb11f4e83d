"""Checks of lesson 2 that compare with the reference, and the corners of its contract.

Each looks at one thing, in one dimension where that will do: whoever gets one thing wrong keeps the
points for the others. So most compare what `softmax` returns with what it returns elsewhere.
"""

from contextlib import suppress

import numpy as np

from grader.testing import agree, as_array, balanced, is_close


def are_same_shares(some, others):
    """Whether both are the same numbers, and not all of them alike."""
    return agree(some, others) and bool(np.ptp(others))


def call_with_row(student, scores):
    """Softmax of one row of scores; of a table with that row alone, if a vector has no shares."""
    with suppress(Exception):  # whatever it raises: another check tells of it
        call = student.call("softmax", scores)
        if np.shape(call.value) == scores.shape and np.ptp(call.value):
            return call
    return student.call("softmax", scores[None])


def shares_of_row(student, scores):
    """The shares of one row of scores."""
    return shares_in(call_with_row(student, scores), scores)


def shares_in(call, scores):
    """The shares that this call returned for one row of scores."""
    axes = {"n_rows": 1} if call.arguments["scores"].ndim == 2 else {}
    return as_array(call.value, **axes, n_scores=len(scores)).ravel()


def test_shares_are_exponentials_over_their_sum(student, reference, rng):
    """Each share of a row of scores is the score's exponential over the sum of all of them."""
    why = "a share is e to the score, divided by the sum of such terms, and no more"
    for scores in (rng.normal(size=7), balanced(rng, 5)):
        assert is_close(student.softmax(scores), reference.softmax(scores)), why


def test_each_row_of_a_table_is_shared_out(student, reference, rng):
    """In a table of scores, each share is an exponential over the sum of its own row."""
    why = "a share is e to the score, divided by the sum of such terms in its own row, and no more"
    for scores in (rng.normal(size=(5, 7)), rng.normal(size=(3, 1))):
        assert is_close(student.softmax(scores), reference.softmax(scores)), why


def test_the_axis_says_which_way_the_shares_sum_to_one(student, rng):
    """softmax(scores, axis=…) shares out along that axis, whatever the number of dimensions."""
    why = "`axis` names the direction along which the shares sum to 1; `max` and `sum` both need it"
    table, block = rng.normal(size=(3, 2)), rng.normal(size=(2, 3, 2))
    down = as_array(student.softmax(table, axis=0), n_rows=3, n_columns=2)
    for j in range(2):
        assert are_same_shares(student.softmax(table[:, j]), down[:, j]), why
    across = as_array(student.softmax(block, axis=1), n_blocks=2, n_rows=3, n_columns=2)
    for i, j in [(0, 1), (1, 0)]:
        assert are_same_shares(student.softmax(block[i, :, j]), across[i, :, j]), why


def test_rows_far_apart_do_not_disturb_each_other(student, rng):
    """A row of scores far below or above the others still gets its own shares."""
    why = "each row is a distribution of its own, so each row is shifted by its own largest score"
    scores = rng.normal(size=(5, 5)) + np.array([[0.0], [-1000.0], [1e4], [-1e4], [0.0]])
    scores[4, 1:] += 1000  # and one that begins with a low score
    table = as_array(student.softmax(scores), n_rows=5, n_scores=5)
    for row, shares in zip(scores, table, strict=True):
        assert are_same_shares(shares_of_row(student, row), shares), why


def test_a_score_of_minus_infinity_gets_no_share(student):
    """A score of minus infinity gets the share 0, and the others share as if it were not there."""
    why = "minus infinity says 'not at all': e to that power is 0"
    weights = as_array(shares_of_row(student, np.array([1.0, -np.inf, 2.0, 0.5])), n_scores=4)
    others = as_array(shares_of_row(student, np.array([1.0, 2.0, 0.5])), n_scores=3)
    assert weights[1] == 0, why
    assert are_same_shares(weights[[0, 2, 3]], others), why


def test_softmax_leaves_the_scores_alone(student, rng):
    """softmax(scores) does not change scores."""
    scores = 3 * rng.normal(size=5)
    call = call_with_row(student, scores)
    assert np.ptp(shares_in(call, scores)), "different scores have different shares"
    assert not call.changed, (
        "the caller still needs the scores: `scores -= …` writes into the caller's array"
    )
