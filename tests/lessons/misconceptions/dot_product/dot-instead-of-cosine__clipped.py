def cosine_similarity(u, v):
    return float(np.clip(np.asarray(u) @ np.asarray(v), -1, 1))
