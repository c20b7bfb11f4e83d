def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths differ")
    return np.array((u * v).sum())

def cosine_similarity(u, v):
    n = np.linalg.norm(u) * np.linalg.norm(v)
    return np.array(0) if n == 0 else np.clip(np.array(u @ v / n), -1, 1)

def similarity_scores(query, keys):
    return np.sum(keys * query, axis=1)
