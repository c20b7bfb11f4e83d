"""Calls on which the known mistakes of lesson 7 give different answers."""

import numpy as np


def ordinary(student, rng):
    """Any code with the same mistake gives the same here."""
    for n in (1, 4, 6):
        student.causal_mask(n)
    for lengths, n in [([3, 1, 5, 2], 6), ([1, 2], 4)]:
        student.padding_mask(np.array(lengths), n)
    for n_q, n_k, d_k, d_v in [(5, 7, 6, 4), (6, 6, 5, 3)]:
        Q, K = rng.normal(size=(n_q, d_k)), rng.normal(size=(n_k, d_k))
        V = rng.normal(size=(n_k, d_v))
        student.masked_attention(Q, K, V)
        mask = rng.random(size=(n_q, n_k)) < 0.5
        mask[:, 2] = mask[2, :] = True
        mask[0, 3] = False
        student.masked_attention(Q, K, V, mask)


def corners(student, rng):
    """Here it may depend on how the mistake was coded."""
    student.padding_mask([0, 2, 3], 3)
    Q, K, V = (rng.normal(size=(2, 3, *size)) for size in [(5, 6), (7, 6), (7, 4)])
    student.masked_attention(Q, K, V)
    student.masked_attention(Q, K, V, np.arange(7) < np.array([4, 6])[:, None, None, None])
    Q, K, V = (rng.integers(-99, 100, size=size) for size in [(5, 6), (7, 6), (7, 4)])
    student.masked_attention(Q, K, V, np.sort(Q @ K.T, axis=1)[:, -2:-1] > Q @ K.T)
