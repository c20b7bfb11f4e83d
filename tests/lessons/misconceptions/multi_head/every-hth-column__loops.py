def split_heads(X, h):
    return np.array([[row[k::h] for row in X] for k in range(h)])
