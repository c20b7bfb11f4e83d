"""How the functions of lesson 1 are drawn, for `grader show`."""

import numpy as np


def draw(student, X):
    """How alike are two words? Each word (a row) with every other, by your similarity_scores."""
    directions = X / np.linalg.norm(X, axis=1, keepdims=True)  # so that only the angle counts
    return [student.similarity_scores(word, directions) for word in directions]
