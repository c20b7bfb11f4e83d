def stack(X, layers):
    weights = []
    for layer in layers:
        X, looks = attend(X, layer)
        if not weights:
            weights.append(looks)
    return np.asarray(X), weights
