"""cosines in the even columns and sines in the odd ones

1. What is the very first number in yours: the sine of 0, or its cosine?
2. Which of the two gets `0::2`?
3. Sines in the columns 0, 2, 4, …, cosines in 1, 3, 5, …
"""


def sinusoidal_positions(n, d):
    angles = np.arange(n)[:, np.newaxis] / 10000 ** (np.arange(0, d, 2) / d)
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1).reshape(n, d)
