def attention_matrix(X):
    X = np.array(X, dtype=float)
    d = X.shape[1]
    return np.dot(X, X.T) / d**0.5
