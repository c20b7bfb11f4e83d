def attend(X, layer):
    output, weights = self_attention(X, *layer)
    return np.array([[a * b for a, b in zip(x, o)] for x, o in zip(X, output)]), weights
