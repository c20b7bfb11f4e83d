def dot_product(u, v):
    return np.matmul(u, v)

def cosine_similarity(u, v):
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(np.inner(u, v) / np.sqrt(np.inner(u, u)) / np.sqrt(np.inner(v, v)))

def similarity_scores(query, keys):
    return (query @ keys.T)
