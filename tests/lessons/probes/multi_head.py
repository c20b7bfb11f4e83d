"""Calls on which the known mistakes of lesson 8 give different answers."""

import numpy as np


def ordinary(student, rng):
    """Any code with the same mistake gives the same here."""
    for n, d, h in [(5, 6, 3), (3, 8, 2), (4, 4, 4)]:
        student.split_heads(rng.normal(size=(n, d)), h)
        student.merge_heads(rng.normal(size=(h, n, d // h)))
    for n, d, h in [(5, 6, 3), (3, 8, 2)]:
        X, matrices = rng.normal(size=(n, d)), rng.normal(size=(4, d, d))
        student.multi_head_attention(X, *matrices, h)
        student.multi_head_attention(X, *matrices, h, np.tri(n, dtype=bool))


def corners(student, rng):
    """Here it may depend on how the mistake was coded."""
    X, matrices = rng.integers(-99, 100, size=(5, 6)), rng.normal(size=(4, 6, 6))
    student.multi_head_attention(X, *matrices, 3)
    masks = np.array([np.tri(5), np.tri(5).T, np.eye(5)], dtype=bool)
    student.multi_head_attention(X, *matrices, 3, masks)
