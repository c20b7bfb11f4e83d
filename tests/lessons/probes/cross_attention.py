"""Calls on which the known mistakes of lesson 11 give different answers."""


def ordinary(student, rng):
    """Any code with the same mistake gives the same here."""
    for n, m, d, d_k, d_v in [(5, 7, 8, 6, 4), (6, 6, 8, 5, 3), (4, 4, 6, 5, 5), (5, 3, 6, 6, 6)]:
        X, Y = rng.normal(size=(n, d)), rng.normal(size=(m, d))
        W_q, W_k = rng.normal(size=(2, d, d_k))
        student.cross_attention(X, Y, W_q, W_k, rng.normal(size=(d, d_v)))


def corners(student, rng):
    """Here it may depend on how the mistake was coded."""
    X, Y = rng.integers(-9, 10, size=(2, 5, 6))
    student.cross_attention(X, Y, *rng.integers(-9, 10, size=(3, 6, 6)))
