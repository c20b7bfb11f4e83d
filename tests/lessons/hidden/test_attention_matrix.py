"""Checks of lesson 3 that compare with the reference, and the corners of its contract."""

import numpy as np
import pytest

from grader.testing import is_close


@pytest.mark.builds_on("test_every_token_scores_every_token")
def test_scores_are_dot_products_over_the_root_of_d(student, reference, rng):
    """Each score is a dot product divided by √d, and X is left alone."""
    why = "all pairs of tokens are compared by dot products, then divided by √d: one token's length"
    X = rng.normal(size=(5, 6))
    record = student.call("attention_scores", X)
    assert is_close(record.value, reference.attention_scores(X)), why
    assert not record.changed, "the caller still needs X: scaling it in place spoils it"
    integers = rng.integers(-3, 4, size=(7, 5))
    assert is_close(student.attention_scores(integers), reference.attention_scores(integers)), why


@pytest.mark.builds_on("test_each_token_shares_out_all_of_its_attention")
def test_each_row_is_the_softmax_of_its_scores(student, reference, rng):
    """Each row of the attention matrix is the softmax of that token's scaled scores."""
    why = "first the scores, scaled; then softmax along each row; nothing after it"
    for X in [rng.normal(size=(5, 6)), rng.normal(size=(7, 2))]:
        assert is_close(student.attention_matrix(X), reference.attention_matrix(X)), why


def test_long_embeddings_are_no_trouble(student, reference, rng):
    """The attention matrix is right for long integer embeddings, whose scores run to thousands."""
    why = "softmax does not care how large the scores are, so long as they stay finite on the way"
    X = rng.integers(-60, 61, size=(5, 6))
    assert is_close(student.attention_matrix(X), reference.attention_matrix(X)), why


def test_blend_sums_the_rows_of_x(student, reference, rng):
    """Each row of weights blends the rows of X, also when there are as many weights as tokens."""
    why = "row i of the weights says how much of each row of X goes into row i of the result"
    for weights, X in [
        (rng.normal(size=(6, 6)), rng.normal(size=(6, 5))),
        (rng.integers(0, 4, size=(2, 7)), rng.integers(-9, 10, size=(7, 5))),
        (rng.dirichlet(np.ones(7), size=3), rng.integers(-9, 10, size=(7, 5))),
    ]:
        assert is_close(student.blend(weights, X), reference.blend(weights, X)), why


def test_the_largest_share_wins(student, rng):
    """The token that token i attends to most is the one with the largest share in its row."""
    why = "compare the shares within row i, and return the position of the largest one"
    weights = rng.dirichlet(np.ones(7), size=7)  # (7, 7): random rows that sum to 1
    weights[2] = np.roll(weights[2], 2 - weights[2].argmax())  # token 2 looks at itself most
    for i in (0, 2, 5):
        found = student.most_attended(weights, i)
        assert is_close(found, np.argmax(weights[i])), why
        assert np.asarray(found).dtype.kind in "iu", "an index is a whole number: WORDS[2.0] fails"
