"""Checks of lesson 3 that need no right answer to compare with: laws of scoring and blending.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest

from grader.testing import agree, as_array, as_float_array, assert_close, differ

TOKENS = np.array([[2, -1, 0], [1, 3, -2], [0, 1, 2]])  # (n, d) = (3, 3), whole numbers


@pytest.mark.points(0.5)
def test_four_times_as_many_numbers_halve_the_scores(student, rng):
    """n tokens have an array of n · n scores; zeros that make d four times as large halve them."""
    X = rng.normal(size=(5, 6))
    X_filled = np.hstack([X, np.zeros((5, 18))])  # (5, 24): the same dot products
    scores = as_float_array(student.attention_scores(X), n_looking=5, n_looked_at=5)
    scores_filled = as_array(student.attention_scores(X_filled), n_looking=5, n_looked_at=5)
    assert_close(
        scores_filled,
        scores / 2,
        why="zeros add nothing to a dot product, so only the division by √d can have changed",
    )


@pytest.mark.points(1.5)
def test_whole_numbers_are_scored_like_others_and_left_alone(student):
    """Whole numbers give the same scores whether they come as integers or as floats."""
    scores = []
    for X in (TOKENS, TOKENS * [1, 2, 3]):
        scores.append(student.attention_scores(X.astype(float)))
        call = student.call("attention_scores", X)
        assert agree(call.value, scores[-1]), "2 and 2.0 are the same number, and score the same"
        assert not call.changed, "the caller still needs X: make a new array"
    assert differ(*scores), "the same scores, whatever the tokens?"


@pytest.mark.points(0.5)
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


@pytest.mark.points(0.5)
def test_equal_weights_blend_to_the_mean(student, rng):
    """Equal weights blend all tokens to their mean; a weight of 2 takes a token twice."""
    X = rng.normal(size=(7, 5))
    for m in (3, 7):
        weights = np.full((m, 7), 1 / 7)  # m recipes
        weights[1] = [0, 0, 0, 2, 0, 0, 0]
        expected = np.tile(X.mean(axis=0), (m, 1))
        expected[1] = 2 * X[3]
        assert_close(
            as_array(student.blend(weights, X), m=m, d=5),
            expected,
            why="a row of the result is a weighted sum of the rows of X",
        )


def test_whole_numbers_are_blended_like_others_and_left_alone(student):
    """Whole numbers blend to the same whether they come as integers or as floats."""
    weights = np.array([[1, 0, 2], [0, 1, 1], [3, 1, 0]])
    blended = []
    for recipe, X in [(weights, TOKENS / 4), (weights / 3, TOKENS), (weights, TOKENS)]:
        blended.append(student.blend(recipe.astype(float), X.astype(float)))
        call = student.call("blend", recipe, X)
        assert agree(call.value, blended[-1]), "2 and 2.0 are the same number, and blend the same"
        assert not call.changed, "the caller still needs both arrays: make a new one"
    assert differ(*blended), "the same blend, whatever is blended?"


@pytest.mark.points(0.5)
def test_a_token_with_one_favourite_attends_to_it_most(student):
    """When each token looks at one token only, that is the one it attends to most."""
    favourites = [1, 2, 0, 3]  # token 0 looks at token 1 alone, and token 3 at itself
    for i in (0, 2, 3):
        found = as_array(student.most_attended(np.eye(4)[favourites], i))
        assert found == favourites[i], (
            "token i looks along row i; column i holds who looks at token i"
        )


def test_a_large_share_is_found_whatever_type_it_has(student):
    """Whole numbers have the same largest place as floats, and the weights are left alone."""
    weights, found = np.array([[2, 1, 5], [1, 7, 0], [9, 2, 1]]), []
    for i in range(3):
        found.append(student.most_attended(weights.astype(float), i))
        call = student.call("most_attended", weights, i)
        assert agree(call.value, found[-1]), "2 and 2.0 are the same number"
        assert not call.changed, "the caller still needs the weights"
        weights = np.rot90(weights)
    assert differ(*found), "the same token, whatever the weights?"
