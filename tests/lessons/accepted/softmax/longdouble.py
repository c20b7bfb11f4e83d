def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    e = np.exp(scores - np.expand_dims(scores.max(axis=axis), axis))
    return np.divide(e, np.expand_dims(e.sum(axis=axis), axis))
