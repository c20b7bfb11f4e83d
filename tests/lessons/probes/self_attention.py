"""Calls on which the known mistakes of lesson 5 give different answers."""


def ordinary(student, rng):
    """Any code with the same mistake gives the same here."""
    for n_q, n_k, d_k, d_v in [(5, 7, 6, 4), (6, 6, 5, 3), (7, 7, 5, 8)]:
        Q, K = rng.normal(size=(n_q, d_k)), rng.normal(size=(n_k, d_k))
        student.scaled_dot_product_attention(Q, K, rng.normal(size=(n_k, d_v)))
    for n, d_model, d_k, d_v in [(5, 8, 6, 4), (7, 6, 5, 3)]:
        W_q, W_k = rng.normal(size=(2, d_model, d_k))
        W_v = rng.normal(size=(d_model, d_v))
        student.self_attention(rng.normal(size=(n, d_model)), W_q, W_k, W_v)
    student.self_attention(rng.normal(size=(5, 6)), *rng.normal(size=(3, 6, 6)))


def corners(student, rng):
    """Here it may depend on how the mistake was coded."""
    Q, K, V = (rng.integers(-99, 100, size=size) for size in [(5, 6), (7, 6), (7, 4)])
    student.scaled_dot_product_attention(Q, K, V)
    student.self_attention(30 * rng.normal(size=(5, 6)), *rng.normal(size=(3, 6, 6)))
