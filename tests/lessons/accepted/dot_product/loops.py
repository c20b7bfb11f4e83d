def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths differ")
    total = 0
    for i in range(len(u)):
        total += u[i] * v[i]
    return total

def cosine_similarity(u, v):
    a = dot_product(u, u) ** 0.5
    b = dot_product(v, v) ** 0.5
    if a * b == 0:
        return 0
    return dot_product(u, v) / (a * b)

def similarity_scores(query, keys):
    return [dot_product(query, key) for key in keys]
