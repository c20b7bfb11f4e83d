import numpy as np


def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))  # biggest exponent is 0
    return e / e.sum(axis=axis, keepdims=True)
