"""How the function of lesson 11 is drawn, for `grader show`."""

import numpy as np

# X has: creature, place, deed, pronoun. A question has the same features.
QUESTIONS = {"who?": [1, 0, 0, 0], "where?": [0, 1, 0, 0], "what?": [0, 0, 1, 0]}


def draw(student, X, words):
    """Where does each question find its answer in the sentence? By your cross_attention."""
    asked = np.array(list(QUESTIONS.values()))  # (3, 4)
    _, weights = student.cross_attention(asked, X, 4 * np.eye(4), np.eye(4), np.eye(4))
    return {question: weights[row] for row, question in enumerate(QUESTIONS)}
