"""one product for each pair of numbers

1. However long the vectors are, how many numbers should come out?
2. Print the shape of what you return. `*` multiplies number by number, and stops there.
3. One step is missing after the multiplication: numpy can add up all the numbers of an array.
"""


def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return np.asarray(u, dtype=float) * v


def cosine_similarity(u, v):
    lengths = np.linalg.norm(u) * np.linalg.norm(v)
    return np.inner(u, v) / lengths if lengths else 0.0
