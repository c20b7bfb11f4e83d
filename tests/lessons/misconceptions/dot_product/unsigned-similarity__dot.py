def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return float(abs(np.sum(np.asarray(u) * v)))
