def stack(X, layers):
    return X, [attend(X, layer)[1] for layer in layers]
