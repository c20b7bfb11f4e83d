"""a padding token that counts as real

1. A sentence has 2 tokens. Which places do they have, counted from 0?
2. Look for `<=` in your comparison, or for a range that goes too far.
3. Token j is real if j is smaller than the length.
"""


def padding_mask(lengths, n):
    return np.arange(n) <= np.asarray(lengths)[:, np.newaxis]
