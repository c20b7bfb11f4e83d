def attention_scores(X):
    X = np.asarray(X, dtype=float)
    return X @ X.T / X.shape[1]
