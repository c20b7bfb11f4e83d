"""How the functions of lesson 1 are drawn, for `grader show`."""


def draw(student, X, words):
    """How alike are two words? Their dot products, by your similarity_scores."""
    return [student.similarity_scores(word, X) for word in X]
