def softmax(scores, axis=-1):
    below = np.asarray(scores, float) - np.max(scores, axis=axis, keepdims=True)
    return below / below.sum(axis=axis, keepdims=True)
