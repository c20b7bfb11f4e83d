"""How the functions of lesson 4 are drawn, for `grader show`."""

import numpy as np


def draw(student, X):
    """What is each word (a row) looking for? Scores of queries with keys, by your qk_scores."""
    rng = np.random.default_rng(4)
    d_model = X.shape[1]
    W_q, W_k, W_v = (rng.normal(size=(d_model, d)) for d in (6, 6, 5))
    Q, K, _ = student.project_qkv(X, W_q, W_k, W_v)
    return student.qk_scores(Q, K)
