"""a cosine that shrinks as the vectors get longer

1. For u = v = (3, 4), what should you divide by: 25 or 625?
2. Look at how you get a length. Is the dot product of a vector with itself its length yet?
3. Take the square root of each of the two before you multiply them.
"""


def cosine_similarity(u, v):
    a, b = np.linalg.norm(u), np.linalg.norm(v)
    if a == 0 or b == 0:
        return 0.0
    return float(u @ v / (a**2 * b**2))
