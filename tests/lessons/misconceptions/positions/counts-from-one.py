"""places that begin at 1

1. What is the sine of 0, and what is the first number of your first row?
2. With which number does your range of places begin?
3. `np.arange(n)` begins with 0.
"""


def sinusoidal_positions(n, d):
    angles = np.arange(1, n + 1)[:, np.newaxis] / 10000 ** (np.arange(0, d, 2) / d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, d)
