def cosine_similarity(u, v):
    lengths = dot_product(u, u) * dot_product(v, v)
    return dot_product(u, v) / lengths if lengths else 0.0
