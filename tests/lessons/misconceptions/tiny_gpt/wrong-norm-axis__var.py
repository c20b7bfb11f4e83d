def layer_norm(X, gain, bias):
    X = np.array(X, dtype=float)
    for feature in range(X.shape[1]):
        column = X[:, feature]
        X[:, feature] = (column - column.mean()) / (column.var() + 0.00001) ** 0.5
    return gain * X + bias
