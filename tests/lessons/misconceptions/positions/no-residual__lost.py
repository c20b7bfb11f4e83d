def attend(X, layer):
    output, weights = self_attention(X, *layer)
    X = np.asarray(X, dtype=float)
    X + output
    return output, weights
