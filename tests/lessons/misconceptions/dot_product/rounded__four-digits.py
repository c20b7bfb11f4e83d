def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return float(f"{np.inner(u, v):.4f}")


def cosine_similarity(u, v):
    lengths = np.linalg.norm(u) * np.linalg.norm(v)
    return float(f"{np.inner(u, v) / lengths:.4f}") if lengths else 0.0


def similarity_scores(query, keys):
    return np.array([float(f"{np.inner(query, key):.4f}") for key in keys])
