"""a mask that shows the future and hides the past

1. May the first word look at the last one?
2. In row i, column j: is your condition true for j = 0, or for j = n - 1?
3. Row i may look at column j if j is at most i: True below the diagonal and on it.
"""


def causal_mask(n):
    return np.triu(np.ones((n, n), dtype=bool))
