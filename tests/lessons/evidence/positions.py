"""What wrong values of lesson 9 show."""

import numpy as np

from grader.testing import evidence_of


@evidence_of("sinusoidal_positions")
def other_speeds(got, due, n, d):
    """hands that turn at other speeds than 10000 to the power of -2i/d"""
    start = np.tile([0.0, 1.0], d // 2)
    squares = got[:, 0::2] ** 2 + got[:, 1::2] ** 2
    return np.shape(got) == (n, d) and np.allclose(got[0], start) and np.allclose(squares, 1)


@evidence_of("sinusoidal_positions")
def one_kind_alone(got, due, n, d):
    """pairs of columns that are the same: one of each should be a sine, the other a cosine"""
    return np.shape(got) == (n, d) and np.allclose(got[:, 0::2], got[:, 1::2])


@evidence_of("attend")
def half_the_sum(got, due, X, layer):
    """the mean of a token and of what it finds, where the sum is asked for"""
    return np.allclose(2 * np.asarray(got[0]), due[0])


@evidence_of("stack")
def first_layer_alone(got, due, X, layers):
    """the first layer alone"""
    if not layers:
        return got is None  # a `return` inside the loop
    return len(layers) > 1 and len(got[1]) == 1 and np.allclose(got[1][0], due[1][0])


@evidence_of("stack")
def added_once_more(got, due, X, layers):
    """tokens that are added to what attend returns, which holds them already"""
    tokens = np.asarray(X, dtype=float)
    for W_q, W_k, W_v in layers:
        scores = tokens @ W_q @ (tokens @ W_k).T / np.sqrt(W_k.shape[1])
        powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
        found = powers / powers.sum(axis=-1, keepdims=True) @ (tokens @ W_v)
        tokens = 2 * tokens + found
    return np.allclose(got[0], tokens)
