"""one sentence that looks at itself

1. Change Y. Does anything in your result change?
2. Count how often Y stands in your code.
3. Two of the three roles belong to Y.
"""


def cross_attention(X, Y, W_q, W_k, W_v):
    return scaled_dot_product_attention(X @ W_q, X @ W_k, X @ W_v)
