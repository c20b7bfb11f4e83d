"""Checks of lesson 7 that need no right answer to compare with: laws of masks.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest

from grader.testing import Unfit, as_array, as_parts, assert_close


def as_mask(value, **axes):
    """A mask as numbers, 1 for True and 0 for False."""
    if np.asarray(value).dtype != bool:
        as_array(value, **axes)
        raise Unfit("numbers", "True and False")
    return as_array(np.asarray(value).astype(int), **axes)


def square_part(returned, n):
    """Output or weights: with the values 1, 0, 0, … and so on, both are the same."""
    parts = returned if isinstance(returned, tuple | list) and len(returned) < n else [returned]
    fitting = [part for part in parts if np.shape(part) == (n, n)]
    return as_array(fitting[-1] if fitting else returned, "weights", n_q=n, n_k=n)


def some_mask(rng, n):
    """A mask with True and False in every row and in every column."""
    mask = rng.random(size=(n, n)) < 0.5
    places = np.arange(n)
    mask[places, places - 1] = True
    mask[places, places - 2] = False
    return mask


@pytest.mark.points(0.5)
def test_a_causal_mask_is_a_square_of_true_and_false(student):
    """A causal mask holds True or False for each token that looks and each that is looked at."""
    as_mask(student.causal_mask(5), n_looking=5, n_looked_at=5)


def test_of_two_tokens_one_may_look_at_the_other(student):
    """In a causal mask, one of two tokens may look at the other, and that one may not look back."""
    mask = as_mask(student.causal_mask(5), n_looking=5, n_looked_at=5)
    both = (mask + mask.T)[~np.eye(5, dtype=bool)]
    assert_close(both, 1.0, of="how often two tokens look at each other", why="one came before")


@pytest.mark.points(0.5)
def test_each_token_may_look_at_as_many_as_have_come(student):
    """In a causal mask, the first token may look at 1 token, the second at 2, and so on."""
    mask = as_mask(student.causal_mask(5), n_looking=5, n_looked_at=5)
    assert_close(
        mask.sum(axis=1),
        np.arange(1, 6),
        of="row sums",
        beside={"column sums": mask.sum(axis=0)},
        why="a token may look at itself and at all before it, so row i has i + 1 times True",
    )


@pytest.mark.points(0.5)
def test_a_padding_mask_has_a_row_for_each_sentence(student):
    """A padding mask holds True or False for each token of each sentence."""
    as_mask(student.padding_mask(np.array([2, 5, 1]), 5), B=3, n=5)


@pytest.mark.points(0.5)
def test_a_sentence_does_not_mind_its_neighbours(student):
    """A sentence's row of the padding mask is the same, alone and among others."""
    among = as_mask(student.padding_mask(np.array([2, 5, 1]), 5), B=3, n=5)
    for row, length in zip(among, (2, 5, 1), strict=True):
        alone = as_mask(student.padding_mask(np.array([length]), 5), B=1, n=5)
        assert_close(alone[0], row, why="only its own length says which of its tokens are real")


@pytest.mark.points(0.5)
def test_masked_attention_returns_output_and_weights(student, rng):
    """Masked attention returns a row of output and a row of weights for each query, in a batch."""
    Q, K, V = rng.normal(size=(2, 5, 6)), rng.normal(size=(2, 7, 6)), rng.normal(size=(2, 7, 4))
    output, weights = as_parts(student.masked_attention(Q, K, V), "output", "weights")
    as_array(output, "output", batch=2, n_q=5, d_v=4)
    as_array(weights, "weights", batch=2, n_q=5, n_k=7)


@pytest.mark.points(0.5)
def test_what_is_masked_gets_nothing(student, rng):
    """Weights are exactly 0 where the mask is False."""
    mask = some_mask(rng, 6)
    returned = student.masked_attention(*rng.normal(size=(2, 6, 5)), np.eye(6), mask)
    assert_close(
        square_part(returned, 6)[~mask],
        0.0,
        of="weights where the mask is False",
        why="a query that must not look at a key gives it nothing",
    )


@pytest.mark.points(0.5)
def test_the_rest_gets_everything(student, rng):
    """With a mask, too, each row of the weights sums to 1."""
    returned = student.masked_attention(*rng.normal(size=(2, 6, 5)), np.eye(6), some_mask(rng, 6))
    weights = square_part(returned, 6)
    assert_close(
        weights.sum(axis=1),
        1.0,
        of="row sums",
        beside={"column sums": weights.sum(axis=0)},
        why="the keys that are left share all of the attention",
    )
