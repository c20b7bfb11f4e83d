def stack(X, layers):
    tokens, weights = np.array(X, dtype=float), []
    for layer in layers:
        after, looks = attend(X, layer)
        tokens = tokens + (np.asarray(after) - X)
        weights.append(looks)
    return tokens, weights
