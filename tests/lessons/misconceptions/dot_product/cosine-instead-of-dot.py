def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return float(u @ v / (np.linalg.norm(u) * np.linalg.norm(v)))
