"""a number with only a few digits

1. If another function goes on computing with this number, how many of its digits does it need?
2. Look for `round`, `int` or a text format on the way to `return`.
3. Return the number as it is; round only where you print.
"""


def cosine_similarity(u, v):
    a, b = np.linalg.norm(u), np.linalg.norm(v)
    if a == 0 or b == 0:
        return 0.0
    return float(round(u @ v / (a * b), 2))
