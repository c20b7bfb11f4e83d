def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return float(np.round(np.asarray(u) @ np.asarray(v), 1))


def cosine_similarity(u, v):
    lengths = np.linalg.norm(u) * np.linalg.norm(v)
    return float(np.round(np.asarray(u) @ np.asarray(v) / lengths, 1)) if lengths else 0.0


def similarity_scores(query, keys):
    return np.round(np.asarray(keys) @ np.asarray(query), 1)
