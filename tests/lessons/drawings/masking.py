"""How the functions of lesson 7 are drawn, for `grader show`."""

import numpy as np

# The matrices of lessons 4 and 5. X has: creature, place, deed, pronoun.
W_Q = np.array([[0, 1], [0, 0], [1, 0], [2, 0]])  # looks for: a creature, a deed
W_K = np.array([[1, 0], [0, 0], [0, 1], [0, 0]])  # is found as: a creature, a deed


def draw(student, X, words):
    """Who looks (rows) at whom (columns), if nobody may read ahead? By your causal_mask."""
    mask = np.asarray(student.causal_mask(len(X)))
    _, weights = student.masked_attention(X @ W_Q, X @ W_K, X, mask)
    return weights
