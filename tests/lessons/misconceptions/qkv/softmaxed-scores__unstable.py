def qk_scores(Q, K):
    e = np.exp(Q @ K.T)
    return e / e.sum(axis=1, keepdims=True)
