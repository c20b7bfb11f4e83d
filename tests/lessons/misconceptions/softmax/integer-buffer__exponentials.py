def softmax(scores, axis=-1):
    e = np.array(scores)
    e[...] = np.exp(e - e.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
