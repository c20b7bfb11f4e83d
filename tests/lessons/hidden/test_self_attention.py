"""Checks of lesson 5 that compare with the reference, and the corners of its contract."""

import pytest

from grader.testing import as_parts, is_close


@pytest.mark.builds_on("test_attention_returns_output_and_weights")
def test_weights_are_the_softmax_of_scaled_scores(student, reference, rng):
    """The weights are the softmax of the scores over √d_k, along the keys."""
    Q, K, V = rng.normal(size=(5, 6)), rng.normal(size=(7, 6)), rng.normal(size=(7, 4))
    pair = student.scaled_dot_product_attention(Q, K, V)
    assert is_close(
        as_parts(pair, "output", "weights")[1], reference.scaled_dot_product_attention(Q, K, V)[1]
    ), "scores first, divided by √d_k; then softmax along each row; nothing after it"


@pytest.mark.builds_on("test_attention_returns_output_and_weights")
def test_the_output_mixes_the_values(student, reference, rng):
    """Each output row mixes the values by that query's weights, and no input is changed."""
    why = "what is passed on is the values, each as much as its key is looked at"
    Q, K, V = rng.normal(size=(5, 6)), rng.normal(size=(7, 6)), rng.normal(size=(7, 4))
    record = student.call("scaled_dot_product_attention", Q, K, V)
    output, _ = as_parts(record.value, "output", "weights")
    assert is_close(output, reference.scaled_dot_product_attention(Q, K, V)[0]), why
    assert not record.changed, "the caller still needs Q, K and V: scaling in place spoils them"


@pytest.mark.builds_on("test_attention_returns_output_and_weights")
def test_huge_integer_scores_are_no_trouble(student, reference, rng):
    """Output and weights are right for integer inputs whose scores run to many thousands."""
    why = "exp of a large score overflows unless softmax shifts each row by its own largest score"
    Q, K, V = (rng.integers(-99, 100, size=size) for size in [(5, 6), (7, 6), (7, 4)])
    pair = student.scaled_dot_product_attention(Q, K, V)
    assert is_close(pair, reference.scaled_dot_product_attention(Q, K, V)), why


@pytest.mark.builds_on("test_self_attention_returns_output_and_weights")
def test_self_attention_asks_itself(student, reference, rng):
    """Output and weights of self-attention are right for tokens projected by W_q, W_k and W_v."""
    why = "queries, keys and values all come from X, each through its own matrix, scaled by √d_k"
    X = rng.normal(size=(5, 8))  # (n, d_model)
    W_q, W_k, W_v = rng.normal(size=(8, 6)), rng.normal(size=(8, 6)), rng.normal(size=(8, 4))
    for tokens in (X, rng.integers(-99, 100, size=(5, 8))):  # the second: scores of many thousands
        pair = student.self_attention(tokens, W_q, W_k, W_v)
        assert is_close(pair, reference.self_attention(tokens, W_q, W_k, W_v)), why
