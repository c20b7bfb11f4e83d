"""Lesson 1, written with loops so that I see what happens."""
import math


def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("u and v need the same number of entries")
    total = 0.0
    for a, b in zip(u, v):
        total += float(a) * float(b)
    return total


def cosine_similarity(u, v):
    length_u = math.sqrt(dot_product(u, u))
    length_v = math.sqrt(dot_product(v, v))
    if length_u == 0.0 or length_v == 0.0:
        return 0.0
    return max(-1.0, min(1.0, dot_product(u, v) / length_u / length_v))


def similarity_scores(query, keys):
    return [dot_product(query, key) for key in keys]
