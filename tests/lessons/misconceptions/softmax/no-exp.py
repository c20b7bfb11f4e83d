def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    return scores / scores.sum(axis=axis, keepdims=True)
