"""Checks of lesson 5 that compare with the reference, and the corners of its contract.

Output and weights are looked at one by one, wherever they stand: whoever gets the weights wrong, or
the order of the two, keeps the points for the rest.
"""

import numpy as np

from grader.testing import agree, balanced, is_close, parts_of


def test_weights_are_the_softmax_of_scaled_scores(student, reference, rng):
    """The weights are the softmax of the scores over √d_k, along the keys."""
    why = "scores first, divided by √d_k; then softmax along each row; nothing after it"
    for n, d_k, d_v in [(6, 5, 4), (1, 3, 2)]:
        Q, K, V = balanced(rng, n, d_k), balanced(rng, n, d_k), balanced(rng, n, d_v)
        _, weights = reference.scaled_dot_product_attention(Q, K, V)
        found = parts_of(student.scaled_dot_product_attention(Q, K, V))
        assert any(is_close(part, weights) for part in found), why


def test_the_output_mixes_the_values(student, reference, rng):
    """Each output row mixes the values by the weights of that query."""
    Q, K, V = balanced(rng, 5, 6), balanced(rng, 7, 6), balanced(rng, 7, 4)
    output, _ = reference.scaled_dot_product_attention(Q, K, V)
    found = parts_of(student.scaled_dot_product_attention(Q, K, V))
    mixed = [part @ V for part in found if part.ndim == 2 and part.shape[1] == 7]
    assert any(is_close(part, output) for part in found) or any(
        agree(part, mix) for part in found for mix in mixed
    ), "what is passed on is the values, each as much as its key is looked at"


def test_huge_integer_scores_are_no_trouble(student, rng):
    """Integer inputs whose scores run to many thousands give numbers, and not nan."""
    Q, K, V = (rng.integers(-99, 100, size=(6, 6)) for _ in "QKV")
    found = parts_of(student.scaled_dot_product_attention(Q, K, V))
    assert any(part.ndim for part in found), "output and weights are many numbers"
    assert not any(np.isnan(part).any() for part in found), (
        "exp of a large score overflows unless softmax shifts each row by its own largest score"
    )


def test_self_attention_asks_itself(student, reference, rng):
    """Output and weights of self-attention are right for tokens projected by W_q, W_k and W_v."""
    why = "queries, keys and values all come from X, each through its own matrix, scaled by √d_k"
    different = balanced(rng, 8, 6), balanced(rng, 8, 6), balanced(rng, 8, 4)
    alike = balanced(rng, 6, 6), balanced(rng, 6, 6), balanced(rng, 6, 6)
    for X, weights in [
        (balanced(rng, 5, 8), different),
        (rng.normal(size=(1, 8)), different),
        (rng.integers(-99, 100, size=(6, 6)), alike),
    ]:
        pair = student.self_attention(X, *weights)
        # Always asked: a mistake is named only where a check calls the function that makes it.
        own = own_attention(student, *reference.project_qkv(X, *weights))
        assert is_close(pair, reference.self_attention(X, *weights)) or agree(
            pair, own, equal_nan=True
        ), why


def own_attention(student, Q, K, V):
    """What the student's own attention makes of these; a mistake in it is counted there."""
    try:
        own = student.scaled_dot_product_attention(Q, K, V)
        return own if any(part.ndim for part in parts_of(own)) else None
    except Exception:  # noqa: BLE001  (whatever it raises: this is about what it is given)
        return None
