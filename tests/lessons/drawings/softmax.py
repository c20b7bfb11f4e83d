"""How the function of lesson 2 is drawn, for `grader show`."""


def draw(student, X):
    """How does each word (a row) share itself out? The dot products, through your softmax."""
    return student.softmax(2 * X @ X.T)
