import numpy as np


def dot_product(u, v):
    u, v = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
    if u.shape != v.shape:
        raise ValueError(f"lengths differ: {u.shape} and {v.shape}")
    return float(u @ v)


def cosine_similarity(u, v):
    lengths = np.linalg.norm(u) * np.linalg.norm(v)
    if lengths == 0:
        return 0.0  # a vector of zeros points nowhere
    return float(np.clip(dot_product(u, v) / lengths, -1, 1))


def similarity_scores(query, keys):
    return np.asarray(keys, dtype=float) @ query  # (n, d) @ (d,)
