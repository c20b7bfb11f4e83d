"""Checks of lesson 4 that compare with the reference, and the corners of its contract.

Queries, keys and values are looked at one by one: whoever gets the values wrong keeps the points
for the others.
"""

import pytest

from grader.testing import as_parts, balanced, differ, is_close


def projections(student, reference, rng, place):
    """Pairs of what came back in that place and what belongs there; sizes differ, agree, are 1."""
    for n, d_model, d_k, d_v in [(5, 8, 6, 4), (5, 5, 5, 5), (1, 4, 1, 1)]:
        X = balanced(rng, n, d_model)
        W_q, W_k, W_v = (balanced(rng, d_model, d) for d in (d_k, d_k, d_v))
        parts = as_parts(student.project_qkv(X, W_q, W_k, W_v), "Q", "K", "V")
        yield parts[place], reference.project_qkv(X, W_q, W_k, W_v)[place]


@pytest.mark.points(0.5)
def test_queries_are_made_by_w_q(student, reference, rng):
    """Q is right when n, d_model, d_k and d_v are all different, and when they are the same."""
    for found, right in projections(student, reference, rng, 0):
        assert is_close(found, right), "Q is X times W_q: tokens are rows, so X stands on the left"


@pytest.mark.points(0.5)
def test_keys_are_made_by_w_k(student, reference, rng):
    """K is right when n, d_model, d_k and d_v are all different, and when they are the same."""
    for found, right in projections(student, reference, rng, 1):
        assert is_close(found, right), "K is X times W_k: tokens are rows, so X stands on the left"


@pytest.mark.points(0.5)
def test_values_are_made_by_w_v(student, reference, rng):
    """V is right when n, d_model, d_k and d_v are all different, and when they are the same."""
    for found, right in projections(student, reference, rng, 2):
        assert is_close(found, right), "V is X times W_v: tokens are rows, so X stands on the left"


@pytest.mark.points(1.5)
def test_projecting_changes_nothing_that_was_passed_in(student, rng):
    """Making queries, keys and values leaves X and the three matrices as they were."""
    calls = [student.call("project_qkv", *rng.normal(size=(4, 5, 5))) for _ in range(2)]
    assert differ(*(call.value for call in calls)), "the same, whatever is projected?"
    assert not any(call.changed for call in calls), (
        "the caller still needs its arrays: make new ones for Q, K and V"
    )


def test_scores_are_raw_dot_products(student, reference, rng):
    """Each score is the plain dot product of a query with a key, for any number of either."""
    why = "row i, column j is query i times key j, added up, and nothing else: scaling comes later"
    for n_q, n_k, d_k in [(5, 7, 6), (6, 6, 5), (1, 3, 2)]:
        Q, K = balanced(rng, n_q, d_k), balanced(rng, n_k, d_k)
        assert is_close(student.qk_scores(Q, K), reference.qk_scores(Q, K)), why


def test_scoring_changes_nothing_that_was_passed_in(student, rng):
    """Scoring queries against keys leaves Q and K as they were."""
    calls = [student.call("qk_scores", *rng.normal(size=(2, 5, 5))) for _ in range(2)]
    assert differ(*(call.value for call in calls)), "the same, whatever is compared?"
    assert not any(call.changed for call in calls), (
        "the caller still needs Q and K: scaling or writing in place spoils them"
    )
