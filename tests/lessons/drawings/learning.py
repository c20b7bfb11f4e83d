"""How the functions of lesson 10 are drawn, for `grader show`."""

import numpy as np


def draw(student, X, words):
    """By your train, a pronoun (or the last word) learns to look at a creature (or the first)."""
    pronouns, creatures = np.flatnonzero(X[:, 3]), np.flatnonzero(X[:, 0] * (X[:, 3] == 0))
    i, j = int([*pronouns, len(X) - 1][0]), int([*creatures, 0][0])
    W_q, W_k = 0.1 * np.random.default_rng(10).normal(size=(2, 4, 2))
    rows = {}
    for steps in (0, 5, 10, 20):
        learned_q, learned_k, _ = student.train([(X, i, j)], W_q, W_k, steps, 0.3)
        losses = [student.attention_loss(X, learned_q, learned_k, i, k) for k in range(len(words))]
        rows[f"{words[i]}, {steps} steps"] = np.exp(-np.array(losses))
    return rows
