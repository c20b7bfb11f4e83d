def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    log_total = np.logaddexp.reduce(scores, axis=axis, keepdims=True)
    return np.exp(scores - log_total)
