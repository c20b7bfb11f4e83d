"""How the functions of lesson 9 are drawn, for `grader show`."""

import numpy as np

D = 16  # numbers of a position
LAYER = (2 * np.eye(D), np.eye(D), np.eye(D))  # a place looks for places that are like it


def draw(student, X, words):
    """Who looks (rows) at whom (columns), if places alone count, and no word? By your positions."""
    _, weights = student.attend(student.sinusoidal_positions(len(X), D), LAYER)
    return weights
