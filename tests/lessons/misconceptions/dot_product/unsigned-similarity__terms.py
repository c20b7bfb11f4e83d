def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return float(np.sum(np.abs(np.asarray(u) * v)))
