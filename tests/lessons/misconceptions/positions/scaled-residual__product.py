def attend(X, layer):
    output, weights = self_attention(X, *layer)
    return np.multiply(output, X), weights
