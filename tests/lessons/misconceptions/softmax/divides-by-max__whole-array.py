def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    scores = scores / scores.max()
    return np.exp(scores) / np.exp(scores).sum(axis=axis, keepdims=True)
