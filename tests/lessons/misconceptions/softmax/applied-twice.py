def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    for _ in range(2):
        e = np.exp(scores - scores.max(axis=axis, keepdims=True))
        scores = e / e.sum(axis=axis, keepdims=True)
    return scores
