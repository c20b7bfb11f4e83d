"""keys that come from the sentence that looks

1. Change a word of Y. Which of your weights change?
2. Which of the two sentences is multiplied with W_k?
3. X makes the queries only; what is looked at makes its own keys.
"""


def cross_attention(X, Y, W_q, W_k, W_v):
    return scaled_dot_product_attention(X @ W_q, X @ W_k, Y @ W_v)
