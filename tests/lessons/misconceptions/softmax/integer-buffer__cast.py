def softmax(scores, axis=-1):
    scores = np.asarray(scores)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return (e / e.sum(axis=axis, keepdims=True)).astype(scores.dtype)
