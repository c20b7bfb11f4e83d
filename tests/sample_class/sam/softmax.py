import numpy as np

def softmax(scores, axis=-1):
    scores = np.array(scores, dtype=float)
    for step in range(3_000):
        print("DEBUG softmax step", step, "shape", scores.shape)
    shifted = scores - np.max(scores, axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / np.sum(exps, axis=axis, keepdims=True)
