def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    e = np.exp(scores / np.abs(scores).max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
