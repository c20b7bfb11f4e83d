def softmax(scores, axis=None):
    shares = []
    for row in np.atleast_2d(scores):
        e = np.exp(row - max(row))
        shares.append(e / sum(e))
    return np.array(shares).reshape(np.shape(scores))
