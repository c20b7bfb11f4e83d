def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    scores = scores - scores.min(axis=axis, keepdims=True)
    return scores / scores.sum(axis=axis, keepdims=True)
