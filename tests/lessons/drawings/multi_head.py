"""How the functions of lesson 8 are drawn, for `grader show`."""

import numpy as np

# X has: creature, place, deed, pronoun. Head 0 has the first two columns, head 1 the others.
W_Q = np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 3, 0], [3, 3, 0, 0]])  # (4, 4)
W_K = np.array([[1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0], [-1, -1, 0, 0]])  # (4, 4)

SENTENCES = {  # on the page for a friend
    "cat first": "The cat chased the mouse.",
    "mouse first": "The mouse chased the cat.",
}
STORY = """Who chased whom?

In a language model several heads look at a sentence at the same time, each with a question of its
own. Through one of them a deed such as “chased” finds who did it, and through the other to
whom."""
TABS = {
    "Head 1: who?": "This head asks for the one who did it: a creature, and early.",
    "Head 2: whom?": "This head asks for the one to whom it was done: a creature, and late.",
    "One head": "A single head adds up both questions, and gets half an answer to each of them.",
}
# Of creature, place in the world, deed, and place in the sentence: from -2 to 2.
WHO = np.array([[0, 0], [0, 0], [1.5, -1], [0, 0]])  # (4, 2): a deed asks for a creature, early
WHOM = np.array([[0, 0], [0, 0], [1.5, 1], [0, 0]])  # (4, 2): a deed asks for a creature, late
FOUND_AS = np.array([[1, 0], [0, 0], [0, 0], [0, 1]])  # (4, 2): a creature, a place


def draw(student, X, words):
    """Who looks (rows) at whom (columns) in the second head, in which deeds look for creatures?"""
    _, weights = student.multi_head_attention(X, W_Q, W_K, np.eye(4), np.eye(4), 2)
    return np.asarray(weights)[1]


def page(student, X, words):
    """Who did it, and to whom?

    In a language model several heads look at a sentence at the same time, each with a question of
    its own. Here a deed asks for a creature: through one head for an early one, which did it, and
    through the other for a late one, to which it was done. A word that is no deed asks for nothing,
    and looks at all words alike.
    """
    X = np.column_stack([X[:, :3], np.linspace(-2, 2, len(X))])  # (n, 4)
    W_q, W_k, same = np.hstack([WHO, WHOM]), np.hstack([FOUND_AS, FOUND_AS]), np.eye(4)
    two, one = (student.multi_head_attention(X, W_q, W_k, same, same, h)[1] for h in (2, 1))
    return {"weights": np.concatenate([two, one])}
