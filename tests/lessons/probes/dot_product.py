"""Calls on which the known mistakes of lesson 1 give different answers."""

import numpy as np


def ordinary(student, rng):
    """Any code with the same mistake gives the same here."""
    u, v = rng.normal(size=(2, 7))
    integers = rng.integers(-9, 10, size=(2, 5))
    student.dot_product(u, v)
    student.dot_product(u, -v)
    student.dot_product(4 * u, 5 * v)
    student.dot_product(*integers)
    student.cosine_similarity(u, v)
    student.cosine_similarity(u, -v)
    student.cosine_similarity(3 * u, v / 5)
    student.cosine_similarity(u / 50, v / 70)
    student.cosine_similarity(*integers)
    student.cosine_similarity(np.array([0.0, 3.0, -1.0]), np.array([2.0, 1.0, 0.5]))
    student.cosine_similarity(np.array([1.0, -1.0, 0.5, -0.5]), np.array([2.0, 1.0, 0.5, 1.0]))
    student.cosine_similarity(np.array([3.0, 0.0, -1.0]), np.array([2.0, 1.0, 0.5]))
    student.similarity_scores(rng.integers(-4, 5, size=6), rng.normal(size=(4, 6)))
    query = rng.normal(size=6)
    for n in (9, 6):
        student.similarity_scores(query, rng.normal(size=(n, 6)))


def corners(student, rng):
    """Here it may depend on how the mistake was coded."""
    v = rng.normal(size=6)
    student.cosine_similarity(v, np.zeros(6))
    student.cosine_similarity(np.zeros(6), v)
    student.cosine_similarity(np.zeros(6), np.zeros(6))
    student.dot_product(rng.normal(size=1), rng.normal(size=4))
    student.dot_product(np.zeros(6), v)
    student.dot_product([1, 2, 3], [4, 5, 6])
    student.similarity_scores(np.zeros(6), rng.normal(size=(3, 6)))
