def attend(X, layer):
    output, weights = self_attention(X, *layer)
    return np.add(X, output, out=X), weights
