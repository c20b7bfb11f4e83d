"""Checks of lesson 4 that need no right answer to compare with: what goes where.

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


def as_triple(value):
    """Return `value`, once it is a tuple or list of three."""
    assert value is not None, "the function returned nothing: does it end with `return`?"
    assert isinstance(value, (tuple, list)), f"expected Q, K and V, got {type(value).__name__}"
    assert len(value) == 3, f"expected Q, K and V, got {len(value)} values"
    return value


def test_every_token_gets_a_query_a_key_and_a_value(student, rng):
    """n tokens give n queries, n keys and n values, in this order."""
    X = rng.normal(size=(5, 8))  # (n, d_model)
    W_q, W_k, W_v = rng.normal(size=(8, 6)), rng.normal(size=(8, 6)), rng.normal(size=(8, 4))
    Q, K, V = as_triple(student.project_qkv(X, W_q, W_k, W_v))
    as_array(Q, n=5, d_k=6)
    as_array(K, n=5, d_k=6)
    as_array(V, n=5, d_v=4)


def test_a_one_hot_token_picks_its_row_of_each_weight_matrix(student, rng):
    """A token with a single 1 in place i gets row i of W_q, of W_k and of W_v."""
    places = [4, 1, 3]
    X = np.eye(6)[places]  # (n, d_model) = (3, 6)
    weights = [rng.normal(size=(6, 6)) for _ in "qkv"]  # square, so that shapes give nothing away
    projections = as_triple(student.project_qkv(X, *weights))
    for role, projection, W in zip("QKV", projections, weights, strict=True):
        np.testing.assert_allclose(
            as_array(projection, n=3, d=6),
            W[places],
            rtol=1e-6,
            atol=1e-8,
            err_msg=f"a token says how much of each row of W_{role.lower()} goes into its {role}",
        )


def test_every_query_scores_every_key(student, rng):
    """n_q queries and n_k keys give n_q rows of n_k scores."""
    scores = student.qk_scores(rng.normal(size=(5, 6)), rng.normal(size=(7, 6)))
    as_array(scores, n_q=5, n_k=7)


@pytest.mark.builds_on("test_every_query_scores_every_key")
def test_a_one_hot_query_reads_one_number_of_each_key(student, rng):
    """A query with a single 1 in place i scores each key by the key's number in place i."""
    places = [3, 0]
    Q, K = np.eye(6)[places], rng.normal(size=(7, 6))
    np.testing.assert_allclose(
        as_array(student.qk_scores(Q, K), n_q=2, n_k=7),
        K[:, places].T,
        rtol=1e-6,
        atol=1e-8,
        err_msg="these are raw dot products: not scaled yet, not shared out yet",
    )
