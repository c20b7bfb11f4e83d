"""How the functions of lesson 9 are drawn, for `grader show`."""

import numpy as np

D = 16  # numbers of a position
LAYER = (2 * np.eye(D), np.eye(D), np.eye(D))  # a place looks for places that are like it

SENTENCES = {  # on the page for a friend
    "too tired": "The animal didn't cross the street because it was too tired.",
    "too wide": "The animal didn't cross the street because it was too wide.",
}
STORY = """What does “it” look at?

A language model reads a sentence in layers. In the first one “it” finds out what is said of it. In
the second it looks for a word that this fits: an animal can be tired, a street can be wide. One
word at the end decides at what another one looks."""
TABS = {
    "Layer 1": "A pronoun looks for what is said of it.",
    "Layer 2": "Now it knows what is said of it, and looks for a word of which one can say that.",
}
FIRST_TAB = "Layer 2"
HOW = """Each word is six numbers: how much it is a creature, a place, a deed, a pronoun, said of a
creature, and said of a place. The matrices of both layers were made by hand. Each
layer adds what it finds to the words, and the next one reads it. Nothing in the matrices names a
word."""
# X has: creature, place, deed, pronoun, said of a creature, said of a place.
LAYERS = (
    (
        np.array([[0], [0], [0], [3], [0], [0]]),  # (6, 1): a pronoun looks for …
        np.array([[0], [0], [0], [0], [1], [1]]),  # (6, 1): … what is said of something
        np.diag([0, 0, 0, 0, 1, 1]),  # (6, 6): of what it can be said
    ),
    (
        np.array([[0, 0], [0, 0], [0, 0], [0, 0], [3, 0], [0, 3]]),  # (6, 2): creature, place
        np.array([[1, 0], [0, 1], [0, 0], [-1, -1], [0, 0], [0, 0]]),  # (6, 2)
        np.diag([1, 1, 0, 0, 0, 0]),  # (6, 6)
    ),
)


def draw(student, X, words):
    """Who looks (rows) at whom (columns), if places alone count, and no word? By your positions.

    Each place is 16 sines and cosines of yours, and looks for places that are like it.
    """
    _, weights = student.attend(student.sinusoidal_positions(len(X), D), LAYER)
    return weights


def page(student, X, words):
    """What does a pronoun look at?

    A language model reads a sentence in layers. In the first one a pronoun finds out what is said
    of it. In the second it looks for a word that this fits: a creature can be tired, a place can be
    wide. A word that asks for nothing, or for what is not there, looks at all words alike.
    """
    creature, place, deed, pronoun = X.T
    is_state = (deed == 1) & (creature + place == 1)  # one that can be said of something
    said = 2 * is_state * np.array([creature, place])  # (2, n)
    nouns = ~is_state * np.array([creature, place])
    _, weights = student.stack(np.column_stack([*nouns, deed * ~is_state, pronoun, *said]), LAYERS)
    return {"weights": weights}
