def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return float(round(np.sum(np.asarray(u) * v), 2))
