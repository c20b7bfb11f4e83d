import numpy as np


def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return u * v


def cosine_similarity(u, v):
    a, b = np.linalg.norm(u), np.linalg.norm(v)
    return dot_product(u, v) / (a * b) if a and b else 0.0


def similarity_scores(query, keys):
    return keys @ query
