def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    e = np.exp(scores.max(axis=axis, keepdims=True) - scores)
    return e / e.sum(axis=axis, keepdims=True)
