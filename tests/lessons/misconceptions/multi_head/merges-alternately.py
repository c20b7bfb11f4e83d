"""heads that take turns in each merged row

1. Where does the second number of head 0 stand after merging?
2. Which of the axes, heads or width, runs fastest in your result?
3. All of head 0 first: the order before the last `reshape` is (n, h, d/h).
"""


def merge_heads(H):
    h, n, width = np.shape(H)
    return np.transpose(H, (1, 2, 0)).reshape(n, h * width)
