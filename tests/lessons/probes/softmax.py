"""Calls on which the known mistakes of lesson 2 give different answers."""

import numpy as np


def ordinary(student, rng):
    """Any code with the same mistake gives the same here."""
    student.softmax(rng.normal(size=(4, 6)))
    student.softmax(rng.normal(size=(3, 5)), axis=1)
    student.softmax(rng.normal(size=(4, 6)), axis=0)
    student.softmax(np.array([[3, 1, 2, -1], [0, 5, 0, 2], [1, 1, 3, 4]]))
    student.softmax(np.array([0.5, -2.0, 1.5, -0.5, 3.0]))


def corners(student, rng):
    """Here it may depend on how the mistake was coded."""
    scores = rng.normal(size=(4, 5))
    student.softmax(scores + 1000)
    student.softmax(scores + np.array([[0.0], [-1000.0], [1e4], [-1e4]]))
    student.softmax(rng.normal(size=7))
    student.softmax(rng.normal(size=(2, 5, 3)), axis=1)
    student.softmax(np.array([[1.0, -np.inf, 2.0, 0.5]]))
    student.softmax([0.5, 1.5, -1.0])
    student.softmax(np.array([[-1000.0, 2.0, 1000.0], [0.0, 1.0, 2.0]]))
    student.softmax(np.array([[7.0], [-3.0]]))
