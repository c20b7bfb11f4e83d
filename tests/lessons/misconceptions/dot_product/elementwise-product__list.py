def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("not the same length")
    return [a * b for a, b in zip(u, v)]
