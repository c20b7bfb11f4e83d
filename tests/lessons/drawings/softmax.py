"""How the function of lesson 2 is drawn, for `grader show`."""

import numpy as np


def draw(student, X, words):
    """One word's dot products, changed and unchanged, as shares: by your softmax."""
    pronoun = X[:, 3]
    place = int(np.argmax(10 * pronoun + np.sum(X * X, axis=1)))  # the pronoun, if there is one
    scores = X @ X[place]
    changed = {"/ 2": scores / 2, "as it is": scores, "+ 100": scores + 100, "* 2": 2 * scores}
    shares = student.softmax(np.array(list(changed.values())))  # (4, n): each row for itself
    labels = [f"{words[place]} {change}" for change in changed]
    return {label: shares[row] for row, label in enumerate(labels)}
