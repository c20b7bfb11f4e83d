"""a plain dot product, which grows with the vectors

1. The cosine of a vector and ten times that vector is 1. What do you get for it?
2. Look at your last line: which part of the fraction in the formula is missing?
3. Divide the dot product by both lengths; `np.linalg.norm` gives one of them.
"""


def cosine_similarity(u, v):
    a, b = np.linalg.norm(u), np.linalg.norm(v)
    if a == 0 or b == 0:
        return 0.0
    return float(u @ v)
