import numpy as np


def softmax(scores, axis=-1):
    scores = np.array(scores, dtype=float)
    e = np.exp(scores - np.max(scores, axis=0))
    return e / np.sum(e, axis=0)
