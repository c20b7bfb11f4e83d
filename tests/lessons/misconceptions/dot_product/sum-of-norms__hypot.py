import math


def cosine_similarity(u, v):
    lengths = math.hypot(*u) + math.hypot(*v)
    return dot_product(u, v) / lengths if lengths else 0.0
