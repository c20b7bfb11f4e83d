"""a sine and a cosine of different speeds in each pair

1. Add up the squares of columns 0 and 1. Is the sum 1 everywhere?
2. How many speeds are there for d columns, and how many do you have?
3. There are d/2 speeds: columns 2i and 2i + 1 share one.
"""


def sinusoidal_positions(n, d):
    angles = np.arange(n)[:, np.newaxis] / 10000 ** (np.arange(d) / d)
    positions = np.empty((n, d))
    positions[:, 0::2] = np.sin(angles[:, 0::2])
    positions[:, 1::2] = np.cos(angles[:, 1::2])
    return positions
