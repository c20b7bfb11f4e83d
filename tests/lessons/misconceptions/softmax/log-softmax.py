def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    s = scores - scores.max(axis=axis, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=axis, keepdims=True))
