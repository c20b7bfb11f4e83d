def stack(X, layers):
    weights = []
    for layer in layers:
        X, looks = attend(X, layer)
        weights = [looks, *weights]
    return np.asarray(X), weights
