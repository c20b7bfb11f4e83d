def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    return np.exp(scores - scores.max(axis=axis, keepdims=True))
