"""Checks of lesson 3 that need no right answer to compare with: laws of scoring and blending.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest

from grader.testing import as_array, assert_close


def test_every_token_scores_every_token(student, rng):
    """n tokens give n rows of n scores, however many numbers a token has."""
    as_array(student.attention_scores(rng.normal(size=(5, 6))), n_looking=5, n_looked_at=5)


@pytest.mark.builds_on("test_every_token_scores_every_token")
def test_four_times_as_many_numbers_halve_the_scores(student, rng):
    """Filling up with zeros until d is four times as large halves every score."""
    X = rng.normal(size=(5, 6))
    X_filled = np.hstack([X, np.zeros((5, 18))])  # (5, 24): the same dot products
    scores = as_array(student.attention_scores(X), n_looking=5, n_looked_at=5)
    scores_filled = as_array(student.attention_scores(X_filled), n_looking=5, n_looked_at=5)
    assert_close(
        scores_filled,
        scores / 2,
        why="zeros add nothing to a dot product, so only the division by √d can have changed",
    )


def test_each_token_shares_out_all_of_its_attention(student, rng):
    """Each row of the attention matrix sums to 1."""
    weights = as_array(
        student.attention_matrix(rng.normal(size=(5, 6))), n_looking=5, n_looked_at=5
    )
    assert_close(
        weights.sum(axis=1),
        1.0,
        of="row sums",
        beside={"column sums": weights.sum(axis=0)},
        why="rows look: a row is one token's attention, shared out over all tokens",
    )


def test_equal_weights_blend_to_the_mean(student, rng):
    """Equal weights for all tokens blend them to their mean, once for each row of weights."""
    X = rng.normal(size=(7, 5))
    weights = np.full((3, 7), 1 / 7)  # (m, n): three recipes, all alike
    assert_close(
        as_array(student.blend(weights, X), m=3, d=5),
        np.tile(X.mean(axis=0), (3, 1)),
        why="a row of the result is a weighted sum of the rows of X",
    )


def test_a_token_with_one_favourite_attends_to_it_most(student):
    """When each token looks at one token only, that is the one it attends to most."""
    favourites = [1, 2, 3, 0]  # token 0 looks at token 1 alone, and so on round the ring
    for i in (0, 3):
        found = as_array(student.most_attended(np.eye(4)[favourites], i))
        assert found == favourites[i], (
            "token i looks along row i; column i holds who looks at token i"
        )
