"""heads that take every h-th column

1. Take d = 6 and h = 3. Which columns does head 0 get in yours, and which should it?
2. Which axis has your `reshape` behind the one of tokens: the heads, or the width?
3. The columns of a head lie side by side: (n, h, d/h), with the heads before the width.
"""


def split_heads(X, h):
    n, d = np.shape(X)
    return np.reshape(X, (n, d // h, h)).transpose(2, 0, 1)
