"""What wrong values of lesson 10 show."""

import numpy as np

from grader.testing import evidence_of


@evidence_of("attention_loss")
def all_tokens(got, due, X, W_q, W_k, i, j):
    """a loss of all tokens that look, where only token i counts"""
    losses = -np.log(shares(X, W_q, W_k)[:, j])
    return np.isclose(got, losses.mean()) or np.isclose(got, losses.sum())


@evidence_of("attention_loss")
def squared(got, due, X, W_q, W_k, i, j):
    """a squared distance, where minus the logarithm of a share is asked for"""
    squares = (shares(X, W_q, W_k)[i] - np.eye(len(X))[j]) ** 2
    return any(np.isclose(got, it) for it in (squares.sum(), squares.mean(), squares[j]))


@evidence_of("softmax_grad")
def one_off_everywhere(got, due, weights, j):
    """weights that lose 1 in every place, not only in place j"""
    return np.allclose(got, weights - 1)


@evidence_of("softmax_grad")
def slopes_of_each_share(got, due, weights, j):
    """how each share changes with its own score; asked is how the loss does"""
    own = weights * (1 - weights)
    shared = weights * ((np.arange(len(weights)) == j) - weights[j])
    return any(np.allclose(got, it) for it in (own, shared))


@evidence_of("loss_grads")
def one_key_alone(got, due, X, W_q, W_k, i, j):
    """a right dW_q, and a dW_k to which one token alone has added its part"""
    parts = [np.outer(token, X[i] @ W_q) for token in X]
    return np.allclose(got[0], due[0]) and any(is_a_multiple(got[1], it) for it in parts)


@evidence_of("train")
def too_many_losses(got, due, sentences, W_q, W_k, steps, lr):
    """more losses than steps: a step takes one sentence, not all of them"""
    return len(got[2]) > steps


@evidence_of("train")
def one_learns(got, due, sentences, W_q, W_k, steps, lr):
    """one matrix that learns, and another that stays what it was"""
    stays = [np.array_equal(it, old) for it, old in zip(got, (W_q, W_k), strict=False)]
    return steps > 0 and lr != 0 and stays.count(True) == 1


@evidence_of("train")
def one_after_the_other(got, due, sentences, W_q, W_k, steps, lr):
    """a matrix whose gradient was taken after the other one had moved"""
    for first in (0, 1):
        matrices = [np.asarray(W_q, dtype=float), np.asarray(W_k, dtype=float)]
        for step in range(steps):
            for which in (first, 1 - first):
                grads = grads_of(*sentences[step % len(sentences)], *matrices)
                matrices[which] = matrices[which] - lr * grads[which]
        if np.allclose(got[0], matrices[0]) and np.allclose(got[1], matrices[1]):
            return True
    return False


def is_a_multiple(one, other):
    """Whether two arrays differ by a factor alone."""
    one, other = np.ravel(one), np.ravel(other)
    lengths = np.linalg.norm(one) * np.linalg.norm(other)
    return np.isclose(abs(one @ other), lengths, rtol=1e-8)


def shares(X, W_q, W_k):
    """Who looks at whom, and how much."""
    scores = X @ W_q @ (X @ W_k).T / np.sqrt(W_k.shape[1])
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def grads_of(X, i, j, W_q, W_k):
    """The gradients of the loss by both matrices."""
    g = (shares(X, W_q, W_k)[i] - np.eye(len(X))[j]) / np.sqrt(W_k.shape[1])
    return np.outer(X[i], g @ X @ W_k), np.outer(g @ X, X[i] @ W_q)
