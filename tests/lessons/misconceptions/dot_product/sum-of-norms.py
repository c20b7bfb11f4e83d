"""a cosine that grows as both vectors get longer

1. Make both vectors twice as long. How many times larger does the dot product become, and how
   many times your divisor?
2. Look at the sign between the two lengths.
3. The formula multiplies the lengths with each other; a sum of them cannot cancel both.
"""


def cosine_similarity(u, v):
    a, b = np.linalg.norm(u), np.linalg.norm(v)
    if a == 0 or b == 0:
        return 0.0
    return float(u @ v / (a + b))
