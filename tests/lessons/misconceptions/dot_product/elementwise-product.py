def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return np.asarray(u, dtype=float) * v
