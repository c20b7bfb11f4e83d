import numpy as np

def dot_product(u, v):
    # your code here
    if len(u) != len(v):
        raise ValueError("u and v must have the same length")
    return float(np.sum(np.array(u) * np.array(v)))

def cosine_similarity(u, v):
    norm_u = np.sqrt(dot_product(u, u))
    norm_v = np.sqrt(dot_product(v, v))
    if norm_u == 0 or norm_v == 0:
        return 0.0
    return dot_product(u, v) / (norm_u * norm_v)

def similarity_scores(query, keys):
    return np.array([dot_product(query, key) for key in keys])
