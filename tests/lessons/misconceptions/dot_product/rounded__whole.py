def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return int(sum(a * b for a, b in zip(u, v)))


def similarity_scores(query, keys):
    return (np.asarray(keys) @ np.asarray(query)).astype(int)
