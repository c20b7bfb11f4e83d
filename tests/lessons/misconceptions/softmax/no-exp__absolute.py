def softmax(scores, axis=-1):
    sizes = np.abs(np.asarray(scores, dtype=float))
    return sizes / sizes.sum(axis=axis, keepdims=True)
