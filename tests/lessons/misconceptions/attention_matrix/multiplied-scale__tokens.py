def attention_scores(X):
    X = np.asarray(X, dtype=float) * np.shape(X)[1] ** 0.25
    return np.inner(X, X)
