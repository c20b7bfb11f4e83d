"""Checks of lesson 4 that compare with the reference, and the corners of its contract."""

import pytest

from grader.testing import is_close


@pytest.mark.points(2)
@pytest.mark.builds_on("test_every_token_gets_a_query_a_key_and_a_value")
def test_projections_are_right_when_all_sizes_differ(student, reference, rng):
    """Q, K and V are right when n, d_model, d_k and d_v are all different."""
    why = "Q, K and V are X times W_q, W_k and W_v, in this order: a row of each for each token"
    X = rng.normal(size=(5, 8))  # (n, d_model)
    W_q, W_k, W_v = rng.normal(size=(8, 6)), rng.normal(size=(8, 6)), rng.normal(size=(8, 4))
    projections = student.project_qkv(X, W_q, W_k, W_v)
    assert is_close(projections, reference.project_qkv(X, W_q, W_k, W_v)), why


def test_projections_are_right_when_all_sizes_agree(student, reference, rng):
    """Q, K and V are right when n, d_model, d_k and d_v are all the same."""
    why = "square matrices fit either way round: tokens are rows, so X stands on the left, as it is"
    X, W_q, W_k, W_v = rng.normal(size=(4, 5, 5))
    projections = student.project_qkv(X, W_q, W_k, W_v)
    assert is_close(projections, reference.project_qkv(X, W_q, W_k, W_v)), why


@pytest.mark.builds_on("test_every_token_gets_a_query_a_key_and_a_value")
def test_integer_tokens_are_projected_and_left_alone(student, reference, rng):
    """An integer X has the same projections as a float one, and nothing passed in is changed."""
    X = rng.integers(-3, 4, size=(5, 8))
    weights = rng.normal(size=(8, 6)), rng.normal(size=(8, 6)), rng.normal(size=(8, 4))
    record = student.call("project_qkv", X, *weights)
    assert is_close(record.value, reference.project_qkv(X, *weights)), (
        "projections are fractions even where tokens are integers; an integer array cuts them off"
    )
    assert not record.changed, "the caller still needs its arrays: make new ones for Q, K and V"


@pytest.mark.builds_on("test_every_query_scores_every_key")
def test_scores_are_raw_dot_products(student, reference, rng):
    """Each score is the plain dot product of a query with a key, of floats and of integers."""
    why = "row i, column j is query i times key j, added up, and nothing else: scaling comes later"
    for Q, K in [
        (rng.normal(size=(5, 6)), rng.normal(size=(7, 6))),
        (rng.integers(-9, 10, size=(2, 5)), rng.integers(-9, 10, size=(3, 5))),
        (rng.integers(-9, 10, size=(2, 5)), rng.normal(size=(3, 5))),
    ]:
        assert is_close(student.qk_scores(Q, K), reference.qk_scores(Q, K)), why


def test_rows_of_scores_belong_to_queries(student, reference, rng):
    """With as many keys as queries, the rows of the scores still belong to the queries."""
    why = "rows look, columns are looked at; with equal counts only the numbers tell them apart"
    Q, K = rng.normal(size=(6, 5)), rng.normal(size=(6, 5))
    assert is_close(student.qk_scores(Q, K), reference.qk_scores(Q, K)), why
