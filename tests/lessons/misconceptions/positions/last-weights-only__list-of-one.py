def stack(X, layers):
    weights = []
    for layer in layers:
        X, looks = attend(X, layer)
        weights = [looks]
    return np.asarray(X), weights
