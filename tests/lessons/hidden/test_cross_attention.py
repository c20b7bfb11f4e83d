"""Checks of lesson 11 that compare with the reference, and the corners of its contract.

Output and weights are looked at one by one, wherever they stand.
"""

from grader.testing import agree, balanced, is_close, parts_of


def test_weights_compare_two_sentences(student, reference, rng):
    """The weights are the softmax of the scaled scores of X's queries with Y's keys."""
    why = "queries come from X and keys from Y; their scores are scaled by √d_k and shared out"
    for n, d, d_k in [(6, 5, 4), (1, 3, 2)]:
        X, Y = balanced(rng, n, d), balanced(rng, n, d)
        matrices = balanced(rng, d, d_k), balanced(rng, d, d_k), balanced(rng, d, 3)
        _, weights = reference.cross_attention(X, Y, *matrices)
        found = parts_of(student.cross_attention(X, Y, *matrices))
        assert any(is_close(part, weights) for part in found), why


def test_the_output_mixes_what_is_found(student, reference, rng):
    """Each row of the output mixes the values of Y by the weights of that row."""
    X, Y = balanced(rng, 6, 5), balanced(rng, 6, 5)
    W_q, W_k, W_v = balanced(rng, 5, 4), balanced(rng, 5, 4), balanced(rng, 5, 3)
    output, _ = reference.cross_attention(X, Y, W_q, W_k, W_v)
    found = parts_of(student.cross_attention(X, Y, W_q, W_k, W_v))
    mixed = [part @ (Y @ W_v) for part in found if part.ndim == 2 and part.shape[1] == 6]
    assert any(is_close(part, output) for part in found) or any(
        agree(part, mix) for part in found for mix in mixed
    ), "what is passed on is the values, made from Y, each as much as its key is looked at"


def test_the_same_sentence_twice_is_self_attention(student, reference, rng):
    """With Y = X, output and weights are those of self-attention."""
    why = "a sentence that looks at itself: Attention(X W_q, X W_k, X W_v)"
    for n, d in [(5, 8), (4, 4), (1, 3)]:
        X, matrices = balanced(rng, n, d), balanced(rng, 3, d, d)
        pair = student.cross_attention(X, X, *matrices)
        assert is_close(pair, reference.cross_attention(X, X, *matrices)), why
