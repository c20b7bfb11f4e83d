def softmax(scores, axis=-1):
    e = np.exp(scores)
    shares = e / e.sum(axis=axis, keepdims=True)
    return np.exp(shares) / np.exp(shares).sum(axis=axis, keepdims=True)
