def attend(X, layer):
    output, weights = self_attention(X, *layer)
    X[:] = X + output
    return X, weights
