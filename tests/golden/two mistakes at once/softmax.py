import numpy as np


def softmax(scores, axis=0):
    e = np.exp(-np.asarray(scores, dtype=float))
    return e / e.sum(axis=axis, keepdims=True)
