def split_heads(X, h):
    return np.asarray(X).reshape(h, len(X), -1)
