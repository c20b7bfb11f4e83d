def softmax(scores, axis=-1):
    e = 1 / np.exp(np.asarray(scores, dtype=float))
    return e / e.sum(axis=axis, keepdims=True)
