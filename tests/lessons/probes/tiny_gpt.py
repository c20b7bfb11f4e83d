"""Calls on which the known mistakes of lesson 12 give different answers."""

import numpy as np


def a_block(rng, d, hidden):
    """Random parameters of a block."""
    names = {"W_q": (d, d), "W_k": (d, d), "W_v": (d, d), "W_o": (d, d), "W_1": (d, hidden)}
    names |= {"b_1": (hidden,), "W_2": (hidden, d), "b_2": (d,)}
    names |= {f"{kind}_{part}": (d,) for kind in ("gain", "bias") for part in "12"}
    return {name: rng.normal(size=shape) for name, shape in names.items()}


def ordinary(student, rng):
    """Any code with the same mistake gives the same here."""
    for n, d, hidden in [(5, 6, 4), (4, 4, 4)]:
        student.layer_norm(rng.normal(size=(n, d)), rng.normal(size=d), rng.normal(size=d))
        W_1, W_2 = rng.normal(size=(d, hidden)), rng.normal(size=(hidden, d))
        student.mlp(rng.normal(size=(n, d)), W_1, rng.normal(size=hidden), W_2, rng.normal(size=d))
        student.block(rng.normal(size=(n, d)), a_block(rng, d, hidden), 2)
    logits = np.log([0.3, 0.1, 0.6])
    for temperature in (0.05, 1.0, 6.0):
        for seed in range(12):
            student.next_token(logits, temperature, seed)
    for scale in (1, 4):
        tokens = scale * rng.normal(size=(9, 8))
        model = {"tokens": tokens, "blocks": [a_block(rng, 8, 6) for _ in "12"], "heads": 2}
        model |= {"gain": 1e5 * rng.uniform(1, 2, size=8), "bias": rng.normal(size=8)}
        model |= {"W_u": rng.normal(size=(8, 9))}
        for prompt in ([3], [5, 0, 5], [1, 2, 3, 4, 5, 6]):
            student.generate(prompt, 6, model, 3)
    ends = {"gain": np.zeros(8), "bias": np.ones(8)}  # the same shares for every place
    ends |= {"W_u": np.tile(np.log(np.arange(1, 10)) / 8, (8, 1))}
    student.generate([3], 12, model | ends, 3)


def corners(student, rng):
    """Here it may depend on how the mistake was coded."""
    X = rng.integers(-3, 4, size=(4, 4))
    student.layer_norm(X, X[0], X[1])
    student.mlp(X, X, X[0], X, X[1])
