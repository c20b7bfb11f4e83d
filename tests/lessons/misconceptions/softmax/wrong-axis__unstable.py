def softmax(scores, axis=0):
    return np.exp(scores) / np.exp(scores).sum(axis=axis, keepdims=True)
