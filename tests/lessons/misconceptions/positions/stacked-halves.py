"""all sines in front and all cosines behind

1. What are the first four numbers of place 0 in yours, and what should they be?
2. Which columns get the sines? Look for `hstack` or `concatenate`.
3. Sines go to the columns 0, 2, 4, …, which is `[:, 0::2]`, cosines to `[:, 1::2]`.
"""


def sinusoidal_positions(n, d):
    angles = np.arange(n)[:, np.newaxis] / 10000 ** (np.arange(0, d, 2) / d)
    return np.hstack([np.sin(angles), np.cos(angles)])
