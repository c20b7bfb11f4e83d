"""Checks of lesson 5 that need no right answer to compare with: laws of attention.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest

from grader.testing import as_array, as_parts, assert_close


def test_attention_returns_output_and_weights(student, rng):
    """Attention returns an output row and a row of weights for each query, in this order."""
    Q, K, V = rng.normal(size=(5, 6)), rng.normal(size=(7, 6)), rng.normal(size=(7, 4))
    output, weights = as_parts(student.scaled_dot_product_attention(Q, K, V), "output", "weights")
    as_array(output, "output", n_q=5, d_v=4)
    as_array(weights, "weights", n_q=5, n_k=7)


@pytest.mark.builds_on("test_attention_returns_output_and_weights")
def test_each_query_shares_out_all_of_its_attention(student, rng):
    """Each row of the weights sums to 1."""
    Q, K, V = rng.normal(size=(5, 6)), rng.normal(size=(7, 6)), rng.normal(size=(7, 4))
    _, weights = as_parts(student.scaled_dot_product_attention(Q, K, V), "output", "weights")
    weights = as_array(weights, "weights", n_q=5, n_k=7)
    assert_close(
        weights.sum(axis=1),
        1.0,
        of="row sums",
        beside={"column sums": weights.sum(axis=0)},
        why="a row of weights says how one query shares out its attention over the keys",
    )


@pytest.mark.builds_on("test_attention_returns_output_and_weights")
def test_a_query_of_zeros_gets_the_mean_of_the_values(student, rng):
    """A query of zeros looks at everything alike, so its output is the mean of the values."""
    Q, K, V = np.zeros((2, 6)), rng.normal(size=(7, 6)), rng.normal(size=(7, 4))
    output, _ = as_parts(student.scaled_dot_product_attention(Q, K, V), "output", "weights")
    assert_close(
        as_array(output, "output", n_q=2, d_v=4),
        np.tile(V.mean(axis=0), (2, 1)),
        why="all scores are 0, so all weights are equal, and equal weights make a mean",
    )


@pytest.mark.builds_on("test_attention_returns_output_and_weights")
def test_four_times_as_long_keys_equal_half_the_query(student, rng):
    """Filling up Q and K with zeros until d_k is four times as large equals halving Q."""
    Q, K, V = rng.normal(size=(5, 6)), rng.normal(size=(7, 6)), rng.normal(size=(7, 4))
    Q_filled = np.hstack([Q, np.zeros((5, 18))])  # (5, 24)
    K_filled = np.hstack([K, np.zeros((7, 18))])  # (7, 24)
    _, filled = as_parts(
        student.scaled_dot_product_attention(Q_filled, K_filled, V), "output", "weights"
    )
    _, halved = as_parts(student.scaled_dot_product_attention(Q / 2, K, V), "output", "weights")
    assert_close(
        as_array(filled, "weights", n_q=5, n_k=7),
        as_array(halved, "weights", n_q=5, n_k=7),
        why="zeros add nothing to a dot product, so only the division by √d_k can have changed",
    )


def test_self_attention_returns_output_and_weights(student, rng):
    """Self-attention returns an output row and a row of weights for each token, in this order."""
    X = rng.normal(size=(5, 8))  # (n, d_model)
    W_q, W_k, W_v = rng.normal(size=(8, 6)), rng.normal(size=(8, 6)), rng.normal(size=(8, 4))
    output, weights = as_parts(student.self_attention(X, W_q, W_k, W_v), "output", "weights")
    as_array(output, "output", n=5, d_v=4)
    as_array(weights, "weights", n_looking=5, n_looked_at=5)


@pytest.mark.builds_on("test_self_attention_returns_output_and_weights")
def test_features_that_no_projection_reads_change_nothing(student, rng):
    """More features in X change nothing while the weight matrices hold only zeros for them."""
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
