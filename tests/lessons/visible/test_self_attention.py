"""Checks of lesson 5 that need no right answer to compare with: laws of attention.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest


def as_array(value, **axes):
    """Return `value` as floats, once it holds real numbers and has these axes."""
    assert value is not None, "the function returned nothing: does it end with `return`?"
    try:
        array = np.asarray(value)
    except ValueError:  # a list whose rows differ in length
        array = np.asarray(None)
    names, shape = ", ".join(axes), tuple(axes.values())
    expected = f"an array of shape ({names}) = {shape}"
    assert array.dtype.kind in "iuf", f"expected {expected}, got {type(value).__name__}"
    assert array.shape == shape, f"expected {expected}, got shape {array.shape}"
    return array.astype(float)


def as_pair(value):
    """Return `value`, once it is a tuple or list of two."""
    assert value is not None, "the function returned nothing: does it end with `return`?"
    assert isinstance(value, (tuple, list)), (
        f"expected the pair (output, weights), got {type(value).__name__}"
    )
    assert len(value) == 2, f"expected the pair (output, weights), got {len(value)} values"
    return value


def test_attention_returns_output_and_weights(student, rng):
    """Attention returns an output row and a row of weights for each query, in this order."""
    Q, K, V = rng.normal(size=(5, 6)), rng.normal(size=(7, 6)), rng.normal(size=(7, 4))
    output, weights = as_pair(student.scaled_dot_product_attention(Q, K, V))
    as_array(output, n_q=5, d_v=4)
    as_array(weights, n_q=5, n_k=7)


@pytest.mark.builds_on("test_attention_returns_output_and_weights")
def test_each_query_shares_out_all_of_its_attention(student, rng):
    """Each row of the weights sums to 1."""
    Q, K, V = rng.normal(size=(5, 6)), rng.normal(size=(7, 6)), rng.normal(size=(7, 4))
    _, weights = as_pair(student.scaled_dot_product_attention(Q, K, V))
    np.testing.assert_allclose(
        as_array(weights, n_q=5, n_k=7).sum(axis=1),
        1.0,
        rtol=1e-6,
        err_msg="a row of weights says how one query shares out its attention over the keys",
    )


@pytest.mark.builds_on("test_attention_returns_output_and_weights")
def test_a_query_of_zeros_gets_the_mean_of_the_values(student, rng):
    """A query of zeros looks at everything alike, so its output is the mean of the values."""
    Q, K, V = np.zeros((2, 6)), rng.normal(size=(7, 6)), rng.normal(size=(7, 4))
    output, _ = as_pair(student.scaled_dot_product_attention(Q, K, V))
    np.testing.assert_allclose(
        as_array(output, n_q=2, d_v=4),
        np.tile(V.mean(axis=0), (2, 1)),
        rtol=1e-6,
        atol=1e-8,
        err_msg="all scores are 0, so all weights are equal, and equal weights make a mean",
    )


@pytest.mark.builds_on("test_attention_returns_output_and_weights")
def test_four_times_as_long_keys_equal_half_the_query(student, rng):
    """Filling up Q and K with zeros until d_k is four times as large equals halving Q."""
    Q, K, V = rng.normal(size=(5, 6)), rng.normal(size=(7, 6)), rng.normal(size=(7, 4))
    Q_filled = np.hstack([Q, np.zeros((5, 18))])  # (5, 24)
    K_filled = np.hstack([K, np.zeros((7, 18))])  # (7, 24)
    _, filled = as_pair(student.scaled_dot_product_attention(Q_filled, K_filled, V))
    _, halved = as_pair(student.scaled_dot_product_attention(Q / 2, K, V))
    np.testing.assert_allclose(
        as_array(filled, n_q=5, n_k=7),
        as_array(halved, n_q=5, n_k=7),
        rtol=1e-6,
        atol=1e-8,
        err_msg="zeros add nothing to a dot product, so only the division by √d_k can have changed",
    )


def test_self_attention_returns_output_and_weights(student, rng):
    """Self-attention returns an output row and a row of weights for each token, in this order."""
    X = rng.normal(size=(5, 8))  # (n, d_model)
    W_q, W_k, W_v = rng.normal(size=(8, 6)), rng.normal(size=(8, 6)), rng.normal(size=(8, 4))
    output, weights = as_pair(student.self_attention(X, W_q, W_k, W_v))
    as_array(output, n=5, d_v=4)
    as_array(weights, n_looking=5, n_looked_at=5)


@pytest.mark.builds_on("test_self_attention_returns_output_and_weights")
def test_features_that_no_projection_reads_change_nothing(student, rng):
    """More features in X change nothing while the weight matrices hold only zeros for them."""
    X, more = rng.normal(size=(5, 8)), rng.normal(size=(5, 24))
    weights = [rng.normal(size=(8, 6)), rng.normal(size=(8, 6)), rng.normal(size=(8, 4))]
    filled = [np.vstack([W, np.zeros((24, W.shape[1]))]) for W in weights]  # (32, d_k) or (32, d_v)
    before = as_pair(student.self_attention(X, *weights))
    after = as_pair(student.self_attention(np.hstack([X, more]), *filled))
    for name, old, new, columns in zip(("output", "weights"), before, after, (4, 5), strict=True):
        np.testing.assert_allclose(
            as_array(new, n=5, columns=columns),
            as_array(old, n=5, columns=columns),
            rtol=1e-6,
            atol=1e-8,
            err_msg=f"Q, K and V are as before, so the {name} must be: d_model is no part of it",
        )
