"""Checks of lesson 8 that compare with the reference, and the corners of its contract.

What a student's own `split_heads` and `merge_heads` do wrong is counted there, and not again where
they are used.
"""

import numpy as np
import pytest

from grader.testing import as_parts, balanced, is_close


def some_matrices(rng, count, d, whole):
    """Matrices of shape (d, d), of whole numbers if these are asked for."""
    if whole:
        return rng.integers(-2, 3, size=(count, d, d))
    return [balanced(rng, d, d) for _ in range(count)]


def heads_by(split, reference, X, matrices, h):
    """Queries, keys and values of all heads; None if they are none."""
    heads = []
    for part in reference.project_qkv(X, *matrices):
        pieces = np.asarray(split(part, h))
        if pieces.shape != (h, len(X), part.shape[1] // h):
            return None
        heads.append(pieces.astype(float))
    return heads


def ways_to_split(student, reference):
    """The right one, and the student's own, if it can be used at all."""
    yield reference.split_heads
    try:
        student.split_heads(np.zeros((4, 6)), 3)
    except Exception:  # noqa: BLE001  (whatever it raises is counted elsewhere)
        return
    yield student.split_heads


def ways_to_merge(student, reference):
    """The right one, and the student's own, if it can be used at all."""
    yield reference.merge_heads
    try:
        student.merge_heads(np.zeros((3, 4, 2)))
    except Exception:  # noqa: BLE001  (whatever it raises is counted elsewhere)
        return
    yield student.merge_heads


def test_each_head_has_its_own_columns(student, reference, rng):
    """The first head gets the first d/h columns, the second the next, and so on."""
    for n, d, h in [(5, 6, 3), (4, 8, 2), (1, 4, 4), (3, 5, 1)]:
        X = balanced(rng, n, d)
        assert is_close(student.split_heads(X, h), reference.split_heads(X, h)), (
            "cut the columns into h pieces that lie side by side; rows stay tokens"
        )


def test_heads_lie_side_by_side_again(student, reference, rng):
    """Merging puts the pieces of each token side by side, the first head's first."""
    for h, n, width in [(3, 5, 2), (2, 4, 4), (4, 1, 1), (1, 3, 5)]:
        H = balanced(rng, h, n, width)
        assert is_close(student.merge_heads(H), reference.merge_heads(H)), (
            "head 0 first, then head 1; a row holds what one token has in all heads"
        )


def test_each_head_looks_by_its_own_scores(student, reference, rng):
    """The weights of a head are the softmax of its own scores over √(d/h)."""
    why = "each head compares its own queries with its own keys, of d/h numbers each"
    for n, d, h, whole in [(5, 6, 3, False), (3, 8, 2, False), (6, 6, 3, True), (4, 5, 1, False)]:
        X, matrices = balanced(rng, n, d), some_matrices(rng, 3, d, whole)
        returned = student.multi_head_attention(X, *matrices, np.eye(d), h)
        parts = returned if isinstance(returned, tuple | list) else [returned]
        ways = ways_to_split(student, reference)
        found = [heads_by(split, reference, X, matrices, h) for split in ways]
        expected = [reference.masked_attention(*heads)[1] for heads in found if heads]
        assert any(is_close(part, weights) for part in parts for weights in expected), why


@pytest.mark.points(0.5)
def test_the_output_mixes_what_the_heads_have_found(student, reference, rng):
    """The output is the merged values of all heads, each by its weights, times W_o."""
    for n, d, h, whole in [(5, 6, 3, False), (3, 8, 2, False), (6, 6, 3, True)]:
        X, (W_q, W_k, W_v, W_o) = balanced(rng, n, d), some_matrices(rng, 4, d, whole)
        record = student.call("multi_head_attention", X, W_q, W_k, W_v, W_o, h)
        output, weights = as_parts(record.value, "output", "weights")
        assert np.shape(weights) == (h, n, n), "a table of weights for each head"
        assert np.any(weights), "some token is looked at"
        expected = []
        for split in ways_to_split(student, reference):
            if heads := heads_by(split, reference, X, (W_q, W_k, W_v), h):
                found = np.asarray(weights, dtype=float) @ heads[2]
                for merge in ways_to_merge(student, reference):
                    merged = np.asarray(merge(found))
                    if merged.shape == (n, d):
                        expected.append(merged.astype(float) @ W_o)
        assert any(is_close(output, right) for right in expected), (
            "values of each head by its weights, side by side, and W_o as the last step"
        )
        assert not record.changed, "the caller still needs X and the matrices"


def test_a_mask_holds_in_every_head(student, reference, rng):
    """Under a mask, no head looks at what is masked, and the rest gets everything."""
    X, matrices = rng.integers(-2, 3, size=(5, 6)), some_matrices(rng, 4, 6, whole=False)
    own = np.array([np.tri(5), np.tri(5).T, np.eye(5)], dtype=bool)  # a mask for each head
    for mask in (np.ones((5, 5), dtype=bool), own):  # one for all heads, one for each
        returned = student.multi_head_attention(X, *matrices, 3, mask)
        parts = returned if isinstance(returned, tuple | list) else [returned]
        fitting = [np.asarray(part) for part in parts if np.shape(part) == (3, 5, 5)]
        assert fitting, "a table of weights for each head"
        weights = fitting[-1].astype(float)
        assert is_close(np.where(mask, 0, weights), np.zeros((3, 5, 5))), "masked: exactly 0"
        assert np.all(np.any(weights, axis=2)), "every token looks at something"
