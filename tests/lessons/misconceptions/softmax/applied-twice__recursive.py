def once(scores, axis):
    e = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax(scores, axis=-1):
    return once(once(np.asarray(scores, dtype=float), axis), axis)
