from math import hypot

def dot_product(u, v):
    return sum(a * b for a, b in zip(u, v, strict=True))

def cosine_similarity(u, v):
    u, v = u.tolist(), v.tolist()
    lengths = hypot(*u) * hypot(*v)
    return dot_product(u, v) / lengths if lengths else 0.0

def similarity_scores(query, keys):
    return tuple(dot_product(query, key) for key in keys)
