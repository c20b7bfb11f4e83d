import numpy as np

def softmax(scores, axis=-1):
    scores = np.array(scores)
    shares = np.zeros_like(scores)
    # straight from the formula
    shares[...] = np.exp(scores) / np.exp(scores).sum(axis=axis, keepdims=True)
    return shares
