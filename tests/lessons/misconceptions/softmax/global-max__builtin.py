def softmax(scores, axis=-1):
    scores = np.array(scores, dtype=float)
    e = np.exp(scores - max(scores.ravel()))
    return e / np.add.reduce(e, axis=axis, keepdims=True)
