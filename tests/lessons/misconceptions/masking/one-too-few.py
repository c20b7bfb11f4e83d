"""a real token that counts as padding

1. A sentence has 2 tokens. How many times True is in its row?
2. Do you count the places from 0 or from 1? Look at the range and at the comparison.
3. Token j, counted from 0, is real if j is smaller than the length.
"""


def padding_mask(lengths, n):
    return np.arange(1, n + 1) < np.asarray(lengths)[:, np.newaxis]
