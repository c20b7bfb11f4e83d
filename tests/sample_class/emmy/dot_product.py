from functools import reduce
from operator import mul

import numpy as np


def dot_product(u, v):
    # strict=True raises the ValueError for me
    return reduce(lambda total, pair: total + mul(*pair), zip(map(float, u), map(float, v), strict=True), 0.0)


def unit(v):
    length = dot_product(v, v) ** 0.5
    return [x / length for x in v] if length else [0.0 for _ in v]


def cosine_similarity(u, v):
    return np.float64(dot_product(unit(u), unit(v)))


def similarity_scores(query, keys):
    return np.fromiter((dot_product(query, key) for key in keys), dtype=float)
