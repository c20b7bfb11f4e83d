import math


def cosine_similarity(u, v):
    return dot_product(u, v) / (math.hypot(*u) + math.hypot(*v))
