def qk_scores(Q, K):
    Q = np.asarray(Q, dtype=float) / np.shape(Q)[1] ** 0.5
    return np.inner(Q, K)
