def cosine_similarity(u, v):
    squares = dot_product(u, u) * dot_product(v, v)
    return float(np.sqrt(dot_product(u, v) ** 2 / squares)) if squares else 0.0
