"""How the functions of lesson 5 are drawn, for `grader show`."""

import numpy as np


def draw(student, X):
    """Who looks (rows) at whom (columns)? The weights of your self_attention."""
    d_model = X.shape[1]
    # Queries and keys that see what the embeddings hold; training would find better ones.
    W = 3 * np.eye(d_model)
    _, weights = student.self_attention(X, W, W, np.eye(d_model))
    return weights
