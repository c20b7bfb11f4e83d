"""Calls on which the known mistakes of lesson 4 give different answers."""


def ordinary(student, rng):
    """Any code with the same mistake gives the same here."""
    sizes = [(5, 8, 6, 4), (7, 7, 7, 3), (5, 5, 5, 5)]  # n, d_model, d_k, d_v
    for n, d_model, d_k, d_v in sizes:
        W_q, W_k = rng.normal(size=(2, d_model, d_k))
        student.project_qkv(
            rng.normal(size=(n, d_model)), W_q, W_k, rng.normal(size=(d_model, d_v))
        )
    student.project_qkv(rng.integers(-3, 4, size=(5, 6)), *rng.normal(size=(3, 6, 6)))
    for n_q, n_k, d_k in [(5, 7, 6), (6, 6, 5), (5, 5, 5)]:
        student.qk_scores(rng.normal(size=(n_q, d_k)), rng.normal(size=(n_k, d_k)))
    student.qk_scores(rng.integers(-4, 5, size=(2, 5)), rng.integers(-4, 5, size=(3, 5)))
    student.qk_scores(rng.integers(-4, 5, size=(4, 5)), rng.normal(size=(3, 5)))


def corners(student, rng):
    """Here it may depend on how the mistake was coded."""
    student.qk_scores(rng.integers(-99, 100, size=(4, 6)), rng.integers(-99, 100, size=(7, 6)))
