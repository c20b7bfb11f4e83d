"""Checks of lesson 3 that need no right answer to compare with: laws of scoring and blending.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest


def as_array(value, **axes):
    """Return `value` as floats, once it holds real numbers and has these axes (none: a number)."""
    assert value is not None, "the function returned nothing: does it end with `return`?"
    try:
        array = np.asarray(value)
    except ValueError:  # a list whose rows differ in length
        array = np.asarray(None)
    names, shape = ", ".join(axes), tuple(axes.values())
    expected = f"an array of shape ({names}) = {shape}" if axes else "a single number"
    assert array.dtype.kind in "iuf", f"expected {expected}, got {type(value).__name__}"
    assert array.shape == shape, f"expected {expected}, got shape {array.shape}"
    return array.astype(float)


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
    np.testing.assert_allclose(
        scores_filled,
        scores / 2,
        rtol=1e-6,
        atol=1e-8,
        err_msg="zeros add nothing to a dot product, so only the division by √d can have changed",
    )


def test_each_token_shares_out_all_of_its_attention(student, rng):
    """Each row of the attention matrix sums to 1."""
    weights = as_array(
        student.attention_matrix(rng.normal(size=(5, 6))), n_looking=5, n_looked_at=5
    )
    np.testing.assert_allclose(
        weights.sum(axis=1),
        1.0,
        rtol=1e-6,
        err_msg="rows look: a row is one token's attention, shared out over all tokens",
    )


def test_equal_weights_blend_to_the_mean(student, rng):
    """Equal weights for all tokens blend them to their mean, once for each row of weights."""
    X = rng.normal(size=(7, 5))
    weights = np.full((3, 7), 1 / 7)  # (m, n): three recipes, all alike
    np.testing.assert_allclose(
        as_array(student.blend(weights, X), m=3, d=5),
        np.tile(X.mean(axis=0), (3, 1)),
        rtol=1e-6,
        atol=1e-8,
        err_msg="a row of the result is a weighted sum of the rows of X",
    )


def test_a_token_with_one_favourite_attends_to_it_most(student):
    """When each token looks at one token only, that is the one it attends to most."""
    favourites = [1, 2, 3, 0]  # token 0 looks at token 1 alone, and so on round the ring
    for i in (0, 3):
        found = as_array(student.most_attended(np.eye(4)[favourites], i))
        assert found == favourites[i], (
            "token i looks along row i; column i holds who looks at token i"
        )
