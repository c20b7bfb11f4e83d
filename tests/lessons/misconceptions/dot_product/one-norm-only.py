"""a cosine that grows with one of the two vectors

1. Make u twice as long, then v. Which of the two lengths is still in the result?
2. Count the lengths below the line in the formula, then count yours.
3. The divisor is a product: the norm of the one vector times the norm of the other.
"""


def cosine_similarity(u, v):
    a, b = np.linalg.norm(u), np.linalg.norm(v)
    if a == 0 or b == 0:
        return 0.0
    return float(u @ v / a)
