def softmax(scores, axis=-1):
    return 1 / (1 + np.exp(-np.asarray(scores, dtype=float)))
