"""How the functions of lesson 8 are drawn, for `grader show`."""

import numpy as np

# X has: creature, place, deed, pronoun. Head 0 has the first two columns, head 1 the others.
W_Q = np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 3, 0], [3, 3, 0, 0]])  # (4, 4)
W_K = np.array([[1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0], [-1, -1, 0, 0]])  # (4, 4)


def draw(student, X, words):
    """Who looks (rows) at whom (columns) in the second head, in which deeds look for creatures?"""
    _, weights = student.multi_head_attention(X, W_Q, W_K, np.eye(4), np.eye(4), 2)
    return np.asarray(weights)[1]
