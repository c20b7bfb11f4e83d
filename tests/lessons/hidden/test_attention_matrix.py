"""Checks of lesson 3 that compare with the reference, and the corners of its contract."""

import numpy as np
import pytest

from grader.testing import agree, as_array, balanced, differ, is_close, parts_of


def test_scores_are_dot_products_over_the_root_of_d(student, reference, rng):
    """Each score is a dot product divided by √d, for any number of tokens."""
    why = "all pairs of tokens are compared by dot products, then divided by √d: one token's length"
    for X in [rng.normal(size=(5, 6)), balanced(rng, 4, 2), rng.normal(size=(1, 3))]:
        assert is_close(student.attention_scores(X), reference.attention_scores(X)), why


def test_each_row_is_the_softmax_of_its_scores(student, reference, rng):
    """Each row of the attention matrix is the softmax of that token's scaled scores."""
    why = "first the scores, scaled; then softmax along each row; nothing after it"
    for X in [rng.normal(size=(5, 6)), balanced(rng, 7, 2), rng.normal(size=(1, 3))]:
        weights = student.attention_matrix(X)
        assert is_close(weights, reference.attention_matrix(X)) or agree(
            weights, shares_of_own_scores(student, reference, X)
        ), why


def shares_of_own_scores(student, reference, X):
    """What softmax makes of the student's own scores: a mistake in these is counted there."""
    try:
        scores = as_array(student.attention_scores(X), n_looking=len(X), n_looked_at=len(X))
        return reference.softmax(scores, axis=-1)
    except Exception:  # noqa: BLE001  (whatever the scores are: this is about what follows)
        return None


def test_long_embeddings_are_no_trouble(student, rng):
    """Long embeddings, whose scores run to thousands, give weights that are numbers."""
    X = rng.integers(-60, 61, size=(5, 6))
    found = parts_of(student.attention_matrix(X))
    assert any(part.ndim and part.shape != X.shape for part in found), "a row of weights each"
    assert not any(np.isnan(part).any() for part in found), (
        "softmax does not care how large the scores are, so long as they stay finite on the way"
    )


@pytest.mark.points(0.5)
def test_whole_numbers_have_the_same_weights(student):
    """Whole numbers have the same weights whether they come as integers or as floats."""
    weights = []
    for X in np.array([[[2, -1, 0], [1, 1, -2]], [[3, 1, 0], [1, 0, 1]]]):  # (n, d) = (2, 3)
        weights.append(student.attention_matrix(X.astype(float)))
        call = student.call("attention_matrix", X)
        assert all(part.shape != X.shape for part in parts_of(call.value)), (
            "words have weights, and their numbers have none"
        )
        assert agree(call.value, weights[-1]), "2 and 2.0 are the same number"
        assert not call.changed, "the caller still needs X: make a new array"
    assert differ(*weights), "the same weights, whatever the tokens?"


@pytest.mark.points(0.5)
def test_blend_sums_the_rows_of_x(student, reference, rng):
    """Each row of weights blends the rows of X, also when there are as many weights as tokens."""
    why = "row i of the weights says how much of each row of X goes into row i of the result"
    for weights, X in [
        (rng.normal(size=(6, 6)), rng.normal(size=(6, 5))),
        (balanced(rng, 3, 7), balanced(rng, 7, 5)),
        (rng.normal(size=(1, 4)), rng.normal(size=(4, 1))),
    ]:
        assert is_close(student.blend(weights, X), reference.blend(weights, X)), why


@pytest.mark.points(0.5)
def test_the_largest_share_wins(student, rng):
    """The token that token i attends to most is the one with the largest share in its row."""
    why = "compare the shares within row i, and return the position of the largest one"
    weights = rng.dirichlet(np.ones(7), size=7)  # (7, 7): random rows that sum to 1
    weights[2] = np.roll(weights[2], 2 - weights[2].argmax())  # token 2 looks at itself most
    for i in (0, 2, 5):
        found = student.most_attended(weights, i)
        assert is_close(found, np.argmax(weights[i])), why
        assert np.asarray(found).dtype.kind in "iu", "an index is a whole number: WORDS[2.0] fails"
