"""Checks of lesson 7 that compare with the reference, and the corners of its contract.

With the identity as values, the output is the weights: then either of the two will do.
"""

import numpy as np
import pytest

from grader.testing import as_parts, balanced, is_close


def has_part(value, expected):
    """Whether a value is what is expected, or has it as a part."""
    parts = value if isinstance(value, tuple | list) else [value]
    return is_close(value, expected) or any(is_close(part, expected) for part in parts)


def some_mask(rng, n):
    """A mask with True and False in every row and in every column."""
    mask = rng.random(size=(n, n)) < 0.5
    places = np.arange(n)
    mask[places, places - 1] = True
    mask[places, places - 2] = False
    return mask


def test_a_causal_mask_is_right_for_every_length(student, reference):
    """A causal mask is True where a token may look: at itself and at those before it."""
    for n in (1, 4, 7):
        assert np.array_equal(student.causal_mask(n), reference.causal_mask(n)), (
            "rows look, columns are looked at; a token may look at itself"
        )


def test_a_padding_mask_is_right_for_any_lengths(student, reference):
    """A padding mask is True for the first tokens of each sentence, as many as it has."""
    for lengths, n in [
        (np.array([0, 3, 6]), 6),
        (np.array([1]), 1),
        ([2, 2], 5),
        (np.array([0, 0]), 3),
    ]:
        found = student.padding_mask(lengths, n)
        assert np.array_equal(found, reference.padding_mask(lengths, n)), (
            "token j is real if j is smaller than the length; a list of lengths will do"
        )


def test_the_mask_decides_who_is_looked_at(student, reference, rng):
    """Under a mask, the weights are the softmax of the scaled scores that are left."""
    why = "the mask belongs between the scores, divided by √d_k, and the softmax"
    tokens = balanced(rng, 6, 5), balanced(rng, 6, 5)
    for Q, K in (tokens, rng.integers(-99, 100, size=(2, 6, 4))):
        mask = some_mask(rng, 6)
        _, weights = reference.masked_attention(Q, K, np.eye(6), mask)
        assert has_part(student.masked_attention(Q, K, np.eye(6), mask), weights), why


def test_nothing_is_masked_if_there_is_no_mask(student, reference, rng):
    """Without a mask, the weights are those of lesson 5."""
    why = "no mask: all look at all, by the softmax of the scores over √d_k"
    for n_q, n_k, d_k in [(5, 7, 6), (3, 4, 1)]:
        Q, K = rng.normal(size=(n_q, d_k)), rng.normal(size=(n_k, d_k))
        _, weights = reference.masked_attention(Q, K, np.eye(n_k))
        assert has_part(student.masked_attention(Q, K, np.eye(n_k)), weights), why


@pytest.mark.points(0.5)
def test_axes_in_front_are_a_batch_and_its_heads(student, rng):
    """Each head of each sentence of a batch gets what it gets alone."""
    why = "only the last two axes are queries, keys and their numbers; a mask may broadcast"
    Q, K, V = (rng.normal(size=(2, 3, *size)) for size in [(6, 5), (6, 5), (6, 4)])
    mask = np.array([some_mask(rng, 6), some_mask(rng, 6)])[:, np.newaxis]  # (2, 1, 6, 6)
    together = student.masked_attention(Q, K, V, mask)
    alone = [
        [student.masked_attention(Q[i, j], K[i, j], V[i, j], mask[i, 0]) for j in range(3)]
        for i in range(2)
    ]
    for place, part in enumerate(parts_of(together)):
        desired = np.array([[parts_of(it)[place] for it in row] for row in alone])
        assert np.shape(part) == desired.shape, why
        assert np.shape(part) in {(2, 3, 6, 4), (2, 3, 6, 6)}, why
        assert np.allclose(part, desired, equal_nan=True), why


def parts_of(value):
    """The parts of a tuple or list; a value alone is the only one."""
    return value if isinstance(value, tuple | list) else [value]


def test_the_output_mixes_the_values(student, rng):
    """The output is the weights times the values, and no input is changed."""
    for V in (balanced(rng, 6, 4), rng.integers(-9, 10, size=(6, 4))):
        Q, K = rng.normal(size=(2, 6, 5))
        record = student.call("masked_attention", Q, K, V, some_mask(rng, 6))
        output, weights = as_parts(record.value, "output", "weights")
        assert np.shape(weights) == (6, 6), "a row of weights for each query"
        assert np.isfinite(np.asarray(weights, dtype=float)).all(), "weights are shares"
        assert np.any(weights), "some key is looked at"
        assert is_close(output, np.asarray(weights, dtype=float) @ V), (
            "what is passed on is the values, each as much as its key is looked at"
        )
        assert not record.changed, "the caller still needs Q, K, V and the mask"
