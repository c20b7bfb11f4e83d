"""Calls on which the known mistakes of lesson 3 give different answers."""

import numpy as np


def ordinary(student, rng):
    """Any code with the same mistake gives the same here."""
    X, integers = rng.normal(size=(5, 6)), rng.integers(-3, 4, size=(7, 5))
    for tokens in (X, integers, rng.normal(size=(4, 2))):
        student.attention_scores(tokens)
        student.attention_matrix(tokens)
    student.blend(rng.normal(size=(6, 6)), rng.normal(size=(6, 5)))
    student.blend(rng.normal(size=(3, 7)), rng.normal(size=(7, 5)))
    student.blend(rng.integers(0, 4, size=(5, 5)), rng.integers(-9, 10, size=(5, 3)))
    weights = rng.dirichlet(np.ones(7), size=7)
    student.blend(weights[:4], rng.integers(-9, 10, size=(7, 3)))
    for i in range(7):
        student.most_attended(weights, i)
    selfish = rng.dirichlet(np.ones(5), size=5) + np.diag([0.1, 0.2, 3.0, 0.4, 2.0])
    for i in range(5):
        student.most_attended(selfish, i)


def corners(student, rng):
    """Here it may depend on how the mistake was coded."""
    student.attention_matrix(rng.integers(-60, 61, size=(5, 6)))
    student.attention_matrix(rng.normal(size=(1, 3)))
