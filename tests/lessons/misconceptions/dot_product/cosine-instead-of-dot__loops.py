import math


def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths differ")
    total = squares_u = squares_v = 0.0
    for a, b in zip(u, v):
        total += a * b
        squares_u += a * a
        squares_v += b * b
    return float(total / math.sqrt(squares_u * squares_v))
