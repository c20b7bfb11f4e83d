import numpy as np

def softmax(scores, axis=-1):
    scores = np.array(scores, dtype=float)
    e = np.exp(scores - scores.max(axis=0, keepdims=True))
    # axis=0 because we want every row
    return e / e.sum(axis=0, keepdims=True)
