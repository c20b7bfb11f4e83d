import numpy as np


def dot(u, v):
    return float(u @ v)


def cosine_similarity(u, v):
    return dot(u, v) / (np.linalg.norm(u) * np.linalg.norm(v))


def similarity_scores(query, keys):
    return [dot(query, k) for k in keys]
