def split_heads(X, h):
    numbers = list(np.ravel(X))
    width = len(X[0]) // h
    pieces = [numbers[k : k + width] for k in range(0, len(numbers), width)]
    return np.array([pieces[k * len(X) : (k + 1) * len(X)] for k in range(h)])
