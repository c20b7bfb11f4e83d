"""What the values of wrong answers to lesson 3 show, where no known mistake explains them."""

import numpy as np

from grader.testing import evidence_of


@evidence_of("attention_matrix")
def own_numbers(got, due, X):
    """shares of each token's own numbers; no token is compared with another"""
    powers = np.exp(X - np.max(X, axis=1, keepdims=True))
    shares = powers / powers.sum(axis=1, keepdims=True)
    return np.shape(got) == shares.shape and bool(np.allclose(got, shares))
