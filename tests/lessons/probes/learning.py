"""Calls on which the known mistakes of lesson 10 give different answers."""


def ordinary(student, rng):
    """Any code with the same mistake gives the same here."""
    for n, d, d_k in [(5, 6, 3), (4, 5, 5), (7, 4, 2)]:
        X, W_q, W_k = rng.normal(size=(n, d)), rng.normal(size=(d, d_k)), rng.normal(size=(d, d_k))
        student.attention_loss(X, W_q, W_k, 1, 3)
        student.attention_loss(X, W_q, W_k, 2, 0)
        student.softmax_grad(rng.dirichlet([1.0] * n), 2)
        student.loss_grads(X, W_q, W_k, 1, 3)
        student.loss_grads(X, W_q, W_k, 2, 0)
    sentences = [(rng.normal(size=(4, 5)), i, j) for i, j in [(0, 2), (3, 1), (2, 0)]]
    for steps in (1, 2, 5):
        student.train(sentences, *rng.normal(size=(2, 5, 2)), steps, 0.3)
    student.train(sentences[:1], *rng.normal(size=(2, 5, 5)), 3, 0.2)


def corners(student, rng):
    """Here it may depend on how the mistake was coded."""
    X, W_q, W_k = rng.integers(-3, 4, size=(3, 4, 4))
    student.attention_loss(X, W_q, W_k, 0, 2)
    student.softmax_grad(rng.integers(0, 2, size=4), 1)
    student.loss_grads(X, W_q, W_k, 0, 2)
    student.train([(X, 0, 1)], W_q, W_k, 2, 0.1)
