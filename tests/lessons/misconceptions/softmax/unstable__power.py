def softmax(scores, axis=-1):
    e = np.e ** np.asarray(scores, dtype=float)
    total = np.expand_dims(e.sum(axis), axis)
    return e / total
