import numpy as np


def dot_product(u, v):
    return np.sum(u * v)


def cosine_similarity(u, v):
    return abs(np.sum(u * v)) / (np.linalg.norm(u) * np.linalg.norm(v))


def similarity_scores(query, keys):
    return np.array([cosine_similarity(query, key) for key in keys])
