def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("not the same length")
    return [a * b for a, b in zip(u, v)]


def cosine_similarity(u, v):
    lengths = np.linalg.norm(u) * np.linalg.norm(v)
    return np.inner(u, v) / lengths if lengths else 0.0
