"""hands that slow down too much from pair to pair

1. How fast does the last pair turn in yours? At place 1 its angle is a little more than 1/10000.
2. Write down your exponents for d = 4: which two numbers are they, and are they below 1?
3. The exponents are 0, 2, 4, … over d, one for each pair: `np.arange(0, d, 2)` has the 2 in it.
"""


def sinusoidal_positions(n, d):
    angles = np.arange(n)[:, np.newaxis] / 10000 ** (2 * np.arange(0, d, 2) / d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, d)
