import numpy as np


def softmax(scores, axis=-1):
    # log of the sum of exponentials: logaddexp never overflows
    scores = np.asarray(scores, dtype=np.float64)
    return np.exp(scores - np.logaddexp.reduce(scores, axis=axis, keepdims=True))
