import numpy as np


def softmax(scores, axis=-1):
    scores = np.array(scores, dtype=float)
    e = np.exp(scores - scores.max())
    return e / e.sum()
