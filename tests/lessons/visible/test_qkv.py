"""Checks of lesson 4 that need no right answer to compare with: what goes where.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest

from grader.testing import agree, as_array, as_float_array, as_parts, assert_close, differ

WHOLE = np.array([[2, -1, 0], [1, 3, -2], [0, 1, 2]])  # square: it fits either way round


@pytest.mark.points(0.5)
def test_every_token_gets_a_query_a_key_and_a_value(student, rng):
    """n tokens give arrays of n queries, n keys and n values, in this order."""
    X = rng.normal(size=(5, 8))  # (n, d_model)
    W_q, W_k, W_v = rng.normal(size=(8, 6)), rng.normal(size=(8, 6)), rng.normal(size=(8, 4))
    Q, K, V = as_parts(student.project_qkv(X, W_q, W_k, W_v), "Q", "K", "V")
    as_float_array(Q, "Q", n=5, d_k=6)
    as_float_array(K, "K", n=5, d_k=6)
    as_float_array(V, "V", n=5, d_v=4)


def test_a_one_hot_token_picks_its_row_of_each_weight_matrix(student, rng):
    """A token with a single 1 in place i gets row i of W_q, of W_k and of W_v."""
    places = [4, 1, 3]
    X = np.eye(6)[places]  # (n, d_model) = (3, 6)
    weights = [rng.normal(size=(6, 6)) for _ in "qkv"]  # square, so that shapes give nothing away
    projections = as_parts(student.project_qkv(X, *weights), "Q", "K", "V")
    for role, projection, W in zip("QKV", projections, weights, strict=True):
        assert_close(
            as_array(projection, role, n=3, d=6),
            W[places],
            of=role,
            why=f"a token says how much of each row of W_{role.lower()} goes into its {role}",
        )


@pytest.mark.points(1.5)
def test_whole_numbers_are_projected_like_others(student, rng):
    """Whole numbers have the same projections whether they come as integers or as floats."""
    weights = rng.normal(size=(3, 3, 3))
    projections = []
    for X, matrices in [(WHOLE, weights), (WHOLE / 4, [WHOLE, WHOLE + 1, WHOLE.T])]:
        whole = student.project_qkv(X, *matrices)
        floats = student.project_qkv(X.astype(float), *(W.astype(float) for W in matrices))
        assert agree(whole, floats), "2 and 2.0 are the same number; an array of integers cuts off"
        projections.append(floats)
    assert differ(*projections), "the same projections, whatever is projected?"


@pytest.mark.points(0.5)
def test_every_query_scores_every_key(student, rng):
    """n_q queries and n_k keys give n_q rows of n_k scores."""
    scores = student.qk_scores(rng.normal(size=(5, 6)), rng.normal(size=(7, 6)))
    as_array(scores, n_q=5, n_k=7)


@pytest.mark.points(0.5)
def test_a_one_hot_query_reads_one_number_of_each_key(student, rng):
    """A query with a single 1 in place i scores each key by the key's number in place i."""
    places = [3, 0]
    Q, K = np.eye(6)[places], rng.normal(size=(7, 6))
    assert_close(
        as_array(student.qk_scores(Q, K), n_q=2, n_k=7),
        K[:, places].T,
        why="these are raw dot products: not scaled yet, not shared out yet",
    )


def test_whole_numbers_are_scored_like_others(student):
    """Whole numbers have the same scores whether they come as integers or as floats."""
    scores = []
    for Q, K in [(WHOLE, WHOLE.T / 4), (WHOLE[::-1] / 3, WHOLE.T), (WHOLE, WHOLE.T)]:
        scores.append(student.qk_scores(Q.astype(float), K.astype(float)))
        assert agree(student.qk_scores(Q, K), scores[-1]), "2 and 2.0 are the same number"
    assert differ(*scores), "the same scores, whatever is compared?"
