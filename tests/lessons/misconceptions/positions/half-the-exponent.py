"""hands that slow down too little from pair to pair

1. How fast does the last pair turn in yours? It should hardly move.
2. Which numbers does i run through in your exponent, and is the 2 of 2i there?
3. The exponents are 0, 2, 4, … over d, one for each pair: `np.arange(0, d, 2) / d`.
"""


def sinusoidal_positions(n, d):
    angles = np.arange(n)[:, np.newaxis] / 10000 ** (np.arange(d // 2) / d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, d)
