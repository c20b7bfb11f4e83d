def softmax(scores, axis=-1):
    return (1 + np.tanh(np.asarray(scores, dtype=float) / 2)) / 2
