"""a token that may not look at itself

1. At what may the very first token look?
2. Is the diagonal of your mask True or False? Look for `<` where `≤` is meant, or for `k=-1`.
3. j ≤ i: the diagonal belongs to it.
"""


def causal_mask(n):
    places = np.arange(n)
    return places[:, np.newaxis] > places
