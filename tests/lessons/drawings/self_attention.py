"""How the functions of lesson 5 are drawn, for `grader show`."""

import numpy as np

# The matrices of the lesson. X has: creature, place, deed, pronoun.
W_Q = np.array([[0, 1], [0, 0], [1, 0], [2, 0]])  # looks for: a creature, a deed
W_K = np.array([[1, 0], [0, 0], [0, 1], [0, 0]])  # is found as: a creature, a deed
W_V = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]])

SENTENCES = {  # on the page for a friend
    "too tired": "The animal didn't cross the street because it was too tired.",
    "too wide": "The animal didn't cross the street because it was too wide.",
}
STORY = """What does “it” look at?

A language model lets each word ask a question, and look at the words that answer it. A pronoun asks
for a creature, so “it” finds the animal. It does so even if the street is too wide: to see that,
one look is not enough."""


def draw(student, X, words):
    """Who looks (rows) at whom (columns) through queries and keys? By your self_attention."""
    _, weights = student.self_attention(X, W_Q, W_K, W_V)
    return weights


def page(student, X, words):
    """Who looks at whom?

    A language model lets each word ask a question, and look at the words that answer it. Here a
    pronoun and a deed ask for a creature, and a creature asks for a deed. A word that asks for
    nothing, or for what is not there, looks at all words alike.
    """
    _, weights = student.self_attention(X, W_Q, W_K, W_V)
    return {"weights": weights}
