"""the output alone

1. How many arrays should come back, and how many do?
2. Look at what stands behind `return`.
3. The attention of lesson 5 returns two arrays: hand both of them on.
"""


def cross_attention(X, Y, W_q, W_k, W_v):
    output, weights = scaled_dot_product_attention(X @ W_q, Y @ W_k, Y @ W_v)
    return output
