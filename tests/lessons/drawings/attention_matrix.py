"""How the functions of lesson 3 are drawn, for `grader show`."""

SENTENCES = {  # on the page for a friend
    "too tired": "The animal didn't cross the street because it was too tired.",
    "too wide": "The animal didn't cross the street because it was too wide.",
}
STORY = """What does “it” look at?

A language model lets each word look at all words, and share out its attention among them. Here most
of it goes to words that are alike, and nothing is learned yet: “it” looks at itself, and cannot
tell the animal from the street."""


def draw(student, X, words):
    """Who looks (rows) at whom (columns) by the embeddings alone? By your attention_matrix."""
    return student.attention_matrix(X)


def page(student, X, words):
    """Who looks at whom?

    A language model lets each word look at all words, and share out its attention among them. Here
    most of it goes to words that are alike, and nothing is learned yet.
    """
    return {"weights": student.attention_matrix(X)}
