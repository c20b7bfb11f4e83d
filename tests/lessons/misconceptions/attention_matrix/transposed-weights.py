def blend(weights, X):
    return weights.T @ X
