"""a sentence that is asked by itself

1. Change X. Does anything in your result change?
2. Which of the two sentences is multiplied with W_q?
3. Only keys and values come from Y.
"""


def cross_attention(X, Y, W_q, W_k, W_v):
    return scaled_dot_product_attention(Y @ W_q, Y @ W_k, Y @ W_v)
