"""a likeness that has lost its sign

1. What should come out for two vectors that point in opposite directions?
2. Look for whatever turns a minus into a plus: `abs`, a square, a root of a square.
3. Leave the products as they are before you add them up, and the sum as it is after.
"""


def cosine_similarity(u, v):
    a, b = np.linalg.norm(u), np.linalg.norm(v)
    if a == 0 or b == 0:
        return 0.0
    return float(abs(u @ v) / (a * b))
