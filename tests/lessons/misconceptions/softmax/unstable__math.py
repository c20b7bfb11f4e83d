import math


def softmax(scores, axis=-1):
    e = np.vectorize(math.exp)(scores)
    return e / e.sum(axis=axis, keepdims=True)
