"""a cosine, which no length can change

1. Make one of the vectors twice as long. Should this result stay as it is, or double?
2. Find the place where a length (a norm) comes in. Does the formula of this function have one?
3. Add up the products and return the sum as it is: nothing is divided.
"""


def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return float(u @ v / (np.linalg.norm(u) * np.linalg.norm(v)))
