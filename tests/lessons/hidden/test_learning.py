"""Checks of lesson 10 that compare with the reference, and the corners of its contract."""

import numpy as np
import pytest

from grader.testing import as_parts, balanced, is_close, parts_of

SIZES = [(5, 6, 3), (4, 4, 4), (1, 3, 2), (3, 1, 1)]  # n, d, d_k


@pytest.mark.points(0.5)
def test_losses_are_right(student, reference, rng):
    """The loss is minus the natural logarithm of the share that token i gives to token j."""
    for n, d, d_k in SIZES:
        X, W_q, W_k = balanced(rng, n, d), balanced(rng, d, d_k), balanced(rng, d, d_k)
        for j in range(n):
            loss = student.attention_loss(X, W_q, W_k, n // 2, j)
            assert is_close(loss, reference.attention_loss(X, W_q, W_k, n // 2, j)), (
                "scores of token i's query with all keys, over √d_k; softmax; minus log of share j"
            )


def test_gradients_by_the_scores_are_right(student, reference, rng):
    """The gradient by the scores is the weights, less 1 in place j."""
    for weights, j in [(balanced(rng, 6), 4), (rng.dirichlet(np.ones(5)), 0), (np.ones(1), 0)]:
        grad = student.softmax_grad(weights, j)
        assert is_close(grad, reference.softmax_grad(weights, j)), "only place j is different"


def test_gradients_by_the_matrices_are_right(student, reference, rng):
    """Both gradients say how much the loss rises with each number of W_q and of W_k."""
    for n, d, d_k in SIZES:
        X, W_q, W_k = balanced(rng, n, d), balanced(rng, d, d_k), balanced(rng, d, d_k)
        grads = student.loss_grads(X, W_q, W_k, n // 2, n - 1)
        assert is_close(grads, reference.loss_grads(X, W_q, W_k, n // 2, n - 1)), (
            "move one number by a hair: the loss changes by its gradient times the hair"
        )


def test_steps_go_downhill_through_all_sentences(student, reference, rng):
    """Each step takes the next sentence, and goes lr times the gradient, downhill."""
    for d, d_k in [(5, 2), (1, 1)]:
        W_q, W_k = balanced(rng, d, d_k), balanced(rng, d, d_k)
        sentences = [(balanced(rng, 4, d), i, j) for i, j in [(0, 2), (3, 1), (2, 2)]]
        found = parts_of(student.train(sentences, W_q, W_k, 5, 0.3))[:2]
        right = reference.train(sentences, W_q, W_k, 5, 0.3)[:2]
        assert is_close(tuple(found), right) or is_close(
            tuple(found), own_steps(student, sentences, W_q, W_k)
        ), "a step subtracts lr times each gradient; after the last sentence comes the first"


def test_losses_are_those_before_each_step(student, rng):
    """There is one loss for each step: that of its sentence before the step."""
    W_q, W_k = rng.normal(size=(2, 5, 5))
    X = rng.normal(size=(4, 5))
    *_, losses = as_parts(student.train([(X, 1, 2)], W_q, W_k, 4, 0.2), "W_q", "W_k", "losses")
    after_3 = as_parts(student.train([(X, 1, 2)], W_q, W_k, 3, 0.2), "W_q", "W_k", "losses")
    due = [student.attention_loss(X, *matrices, 1, 2) for matrices in [(W_q, W_k), after_3[:2]]]
    assert np.shape(losses) == (4,), "one loss for each of the four steps"
    assert is_close([losses[0], losses[3]], np.array(due)), (
        "the loss is measured before the matrices move, and with your attention_loss"
    )


def own_steps(student, sentences, W_q, W_k):
    """What five steps with the student's own gradients make; mistakes in those count there."""
    try:
        for step in range(5):
            X, i, j = sentences[step % 3]
            dW_q, dW_k = student.loss_grads(X, W_q, W_k, i, j)
            W_q, W_k = W_q - 0.3 * np.asarray(dW_q), W_k - 0.3 * np.asarray(dW_k)
        return W_q, W_k
    except Exception:  # noqa: BLE001  (whatever it raises: this is about the steps)
        return np.zeros(0), np.zeros(0)
