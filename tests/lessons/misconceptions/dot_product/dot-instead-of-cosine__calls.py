def cosine_similarity(u, v):
    return dot_product(u, v)
