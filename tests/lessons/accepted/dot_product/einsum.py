def dot_product(u, v):
    if u.shape != v.shape:
        raise ValueError("lengths differ")
    return np.einsum("i,i", u, v)

def cosine_similarity(u, v):
    if not u.any() or not v.any():
        return 0.0
    return np.einsum("i,i", u, v) / np.sqrt(np.einsum("i,i", u, u) * np.einsum("i,i", v, v))

def similarity_scores(query, keys):
    return np.einsum("d,nd->n", query, keys)
