def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return round(float(np.inner(u, v)), 3)


def cosine_similarity(u, v):
    lengths = np.linalg.norm(u) * np.linalg.norm(v)
    return round(float(np.inner(u, v) / lengths), 3) if lengths else 0.0


def similarity_scores(query, keys):
    return [round(float(np.inner(query, key)), 3) for key in keys]
