"""How the functions of lesson 3 are drawn, for `grader show`."""


def draw(student, X):
    """Who looks (rows) at whom (columns)? By the embeddings alone, by your attention_matrix."""
    return student.attention_matrix(3 * X)
