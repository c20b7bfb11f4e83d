"""Checks of lesson 5 that need no right answer to compare with: laws of attention.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest

from grader.testing import (
    agree,
    as_array,
    as_float_array,
    as_parts,
    assert_close,
    differ,
    find_part,
)

WHOLE = np.array([[2, -1, 0], [1, 3, -2], [0, 1, 2]])


def test_attention_returns_output_and_weights(student, rng):
    """Attention returns a row of output and a row of weights for each query, in this order."""
    Q, K, V = rng.normal(size=(5, 6)), rng.normal(size=(7, 6)), rng.normal(size=(7, 4))
    output, weights = as_parts(student.scaled_dot_product_attention(Q, K, V), "output", "weights")
    as_float_array(output, "output", n_q=5, d_v=4)
    as_float_array(weights, "weights", n_q=5, n_k=7)


@pytest.mark.points(0.5)
def test_each_query_shares_out_all_of_its_attention(student, rng):
    """Each row of the weights sums to 1."""
    Q, K, V = rng.normal(size=(6, 6)), rng.normal(size=(6, 6)), rng.normal(size=(6, 5))
    returned = student.scaled_dot_product_attention(Q, K, V)
    weights = find_part(returned, "weights", n_q=6, n_k=6)
    assert_close(
        weights.sum(axis=1),
        1.0,
        of="row sums",
        beside={"column sums": weights.sum(axis=0)},
        why="a row of weights says how one query shares out its attention over the keys",
    )


@pytest.mark.points(0.5)
def test_a_query_of_zeros_gets_the_mean_of_the_values(student, rng):
    """A query of zeros looks at everything alike, so its output is the mean of the values."""
    Q, K, V = np.zeros((7, 7)), rng.normal(size=(7, 7)), rng.normal(size=(7, 7))
    returned = student.scaled_dot_product_attention(Q, K, V)
    assert_close(
        find_part(returned, "output", n_q=7, d_v=7),
        np.tile(V.mean(axis=0), (7, 1)),
        why="all scores are 0, so all weights are equal, and equal weights make a mean",
    )


@pytest.mark.points(0.5)
def test_four_times_as_long_keys_equal_half_the_query(student, rng):
    """Filling up with zeros until d_k is four times as large gives the weights of half the Q."""
    Q, K, V = rng.normal(size=(3, 6, 5))
    filled = [np.hstack([array, np.zeros((6, 15))]) for array in (Q, K, V)]  # (6, 20)
    filled = student.scaled_dot_product_attention(*filled)
    halved = student.scaled_dot_product_attention(Q / 2, K, V)
    assert_close(
        find_part(filled, "weights", n_q=6, n_k=6),
        find_part(halved, "weights", n_q=6, n_k=6),
        why="zeros add nothing to a dot product, so only the division by √d_k can have changed",
    )


@pytest.mark.points(1.5)
def test_whole_numbers_attend_like_others_and_are_left_alone(student):
    """Whole numbers give the same whether they come as integers or as floats."""
    found = []
    for Q, K, V in [(WHOLE, WHOLE.T / 4, WHOLE / 2), (WHOLE / 3, WHOLE.T, WHOLE + 1)]:
        floats = student.scaled_dot_product_attention(*(it.astype(float) for it in (Q, K, V)))
        call = student.call("scaled_dot_product_attention", Q, K, V)
        found.append(floats)
        assert agree(call.value, floats), "2 and 2.0 are the same number; an array of ints cuts off"
        assert not call.changed, "the caller still needs Q, K and V: scaling in place spoils them"
    assert differ(*found), "the same, whatever is asked?"


@pytest.mark.points(0.5)
def test_features_that_no_projection_reads_change_nothing(student, rng):
    """Each token gets a row of output and of weights; features that no matrix reads do nothing."""
    X, more = rng.normal(size=(5, 8)), rng.normal(size=(5, 24))
    weights = [rng.normal(size=(8, 6)), rng.normal(size=(8, 6)), rng.normal(size=(8, 4))]
    filled = [np.vstack([W, np.zeros((24, W.shape[1]))]) for W in weights]  # (32, d_k) or (32, d_v)
    before = as_parts(student.self_attention(X, *weights), "output", "weights")
    after = as_parts(student.self_attention(np.hstack([X, more]), *filled), "output", "weights")
    for name, old, new, columns in zip(("output", "weights"), before, after, (4, 5), strict=True):
        assert_close(
            as_array(new, name, n=5, columns=columns),
            as_array(old, name, n=5, columns=columns),
            why=f"Q, K and V are as before, so the {name} must be: d_model is no part of it",
        )


@pytest.mark.points(1.5)
def test_whole_tokens_attend_like_others_and_are_left_alone(student, rng):
    """Whole tokens give the same whether they come as integers or as floats."""
    weights = rng.normal(size=(3, 3, 3))
    found = []
    for X, matrices in [(WHOLE, weights), (WHOLE / 4, [WHOLE, WHOLE.T, WHOLE + 1])]:
        floats = student.self_attention(X.astype(float), *(W.astype(float) for W in matrices))
        call = student.call("self_attention", X, *matrices)
        found.append(floats)
        assert agree(call.value, floats), "2 and 2.0 are the same number; an array of ints cuts off"
        assert not call.changed, "the caller still needs X and the matrices: make new arrays"
        projections = tuple(X @ W for W in matrices)
        assert differ(floats, projections), "these are Q, K and V: what is done with them?"
    assert differ(*found), "the same, whatever the tokens?"
