"""How the functions of lesson 5 are drawn, for `grader show`."""

import numpy as np

# The matrices of the lesson. X has: creature, place, deed, pronoun.
W_Q = np.array([[0, 1], [0, 0], [1, 0], [2, 0]])  # looks for: a creature, a deed
W_K = np.array([[1, 0], [0, 0], [0, 1], [0, 0]])  # is found as: a creature, a deed
W_V = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]])


def draw(student, X, words):
    """Who looks (rows) at whom (columns) through queries and keys? By your self_attention."""
    _, weights = student.self_attention(X, W_Q, W_K, W_V)
    return weights
