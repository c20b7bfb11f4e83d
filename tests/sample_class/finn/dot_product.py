import numpy as np


def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return (u * v).sum()


def cosine_similarity(u, v):
    if not u.any() or not v.any():
        return 0.0
    return dot_product(u, v) / np.linalg.norm(u)


def similarity_scores(query, keys):
    return keys @ query
