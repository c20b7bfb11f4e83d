def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    scores -= scores.max(axis=axis, keepdims=True)
    e = np.exp(scores)
    return e / e.sum(axis=axis, keepdims=True)
