def cosine_similarity(u, v):
    u, v = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
    if not u.any() or not v.any():
        return 0.0
    return u * v / (np.linalg.norm(u) * np.linalg.norm(v))
