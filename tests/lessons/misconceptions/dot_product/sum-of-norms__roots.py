def cosine_similarity(u, v):
    u, v = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
    if not u.any() or not v.any():
        return 0.0
    return (u * v).sum() / ((u**2).sum() ** 0.5 + (v**2).sum() ** 0.5)
