def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    return scores - np.logaddexp.reduce(scores, axis=axis, keepdims=True)
