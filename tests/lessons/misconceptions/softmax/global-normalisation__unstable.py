def softmax(scores, axis=-1):
    e = np.e ** np.asarray(scores)
    return e / np.sum(e)
