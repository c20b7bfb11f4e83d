def softmax(scores, axis=-1):
    e = np.exp(scores)
    return e / np.max(e, axis=axis, keepdims=True)
